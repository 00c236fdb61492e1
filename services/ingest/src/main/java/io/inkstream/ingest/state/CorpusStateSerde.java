package io.inkstream.ingest.state;

import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.TextReader;
import io.inkstream.languagemodel.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** A corpus's state as one line, {@code CHARACTERS LETTERS 12345 67}, which can be read in the changelog as it is. */
final class CorpusStateSerde {

    private CorpusStateSerde() {}

    static Serde<CorpusState> create() {
        return Serdes.serdeFrom(
                (topic, state) -> state == null ? null : write(state),
                (topic, bytes) -> bytes == null ? null : read(bytes));
    }

    private static byte[] write(CorpusState state) {
        return "%s %s %d %d"
                .formatted(
                        state.reader().tokenizer(),
                        state.reader().normalizer(),
                        state.nextPosition(),
                        state.vocabularySize())
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static CorpusState read(byte[] bytes) {
        String line = new String(bytes, StandardCharsets.US_ASCII);
        String[] fields = line.split(" ", -1);
        if (fields.length != 4) {
            throw new SerializationException("'%s' is not the state of a corpus".formatted(line));
        }
        return new CorpusState(
                new TextReader(Normalizer.valueOf(fields[1]), Tokenizer.valueOf(fields[0])),
                Long.parseLong(fields[2]),
                Integer.parseInt(fields[3]));
    }
}
