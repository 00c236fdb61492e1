package io.inkstream.ingest.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.languagemodel.text.Reading;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A corpus's state as a line of text, readable in the changelog: {@code CHARACTERS LETTERS 12345 67}, and with NFC or reserved
 * tokens {@code CHARACTERS VERBATIM 12345 67 true ["<eos>"]}.
 */
final class CorpusStateSerde {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIELDS = 4;
    private static final int ALL_FIELDS = 6;

    private CorpusStateSerde() {}

    static Serde<CorpusState> create() {
        return Serdes.serdeFrom(
                (topic, state) -> state == null ? null : write(state).getBytes(StandardCharsets.UTF_8),
                (topic, bytes) -> bytes == null ? null : read(new String(bytes, StandardCharsets.UTF_8)));
    }

    private static String write(CorpusState state) {
        Reading reading = state.reading();
        String line = "%s %s %d %d"
                .formatted(reading.tokenizer(), reading.normalizer(), state.nextPosition(), state.vocabularySize());
        if (!reading.nfc() && reading.reservedTokens().isEmpty()) {
            return line;
        }
        try {
            return "%s %s %s".formatted(line, reading.nfc(), JSON.writeValueAsString(reading.reservedTokens()));
        } catch (JsonProcessingException e) {
            throw new SerializationException("A list of strings is always JSON", e);
        }
    }

    private static CorpusState read(String line) {
        String[] fields = line.split(" ", ALL_FIELDS);
        if (fields.length != FIELDS && fields.length != ALL_FIELDS) {
            throw new SerializationException("'%s' is not the state of a corpus".formatted(line));
        }
        boolean all = fields.length == ALL_FIELDS;
        Reading reading = Reading.named(
                fields[0], fields[1], all && Boolean.parseBoolean(fields[4]), all ? strings(fields[5]) : List.of());
        return new CorpusState(reading, Long.parseLong(fields[2]), Integer.parseInt(fields[3]));
    }

    private static List<String> strings(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new SerializationException("'%s' is not a JSON list of strings".formatted(json), e);
        }
    }
}
