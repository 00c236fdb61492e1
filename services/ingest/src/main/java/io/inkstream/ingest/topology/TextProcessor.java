package io.inkstream.ingest.topology;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.ingest.state.CorpusState;
import io.inkstream.ingest.state.CorpusStores;
import io.inkstream.ingest.text.BlockCutter;
import io.inkstream.ingest.text.CorpusName;
import io.inkstream.ingest.text.LongWords;
import io.inkstream.ingest.text.StrictUtf8;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.TextReader;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.languagemodel.text.Vocabulary;
import io.inkstream.schemas.TokenBlock;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns text into token blocks. */
final class TextProcessor implements TaskProcessor.Task<byte[]> {

    /** A longer record of which nothing is left is probably a mistake. */
    private static final int WARNING_CHARACTERS = 200;

    private static final Logger log = LoggerFactory.getLogger(TextProcessor.class);

    private final ProcessorContext<byte[], Object> context;
    private final IngestMeters meters;
    private final CorpusStores stores;
    private final DeadLetterSink deadLetters;
    private final Rerouting rerouting;
    private final ReadOnce once;
    private final Map<String, Vocabulary> vocabularies = new HashMap<>();
    private final Map<Reading, TextReader> readers = new HashMap<>();
    private final Set<String> warned = new HashSet<>();

    /** The processor for the topology. */
    static TaskProcessor<byte[]> create(Wiring wiring) {
        return new TaskProcessor<>(context -> new TextProcessor(context, wiring));
    }

    private TextProcessor(ProcessorContext<byte[], Object> context, Wiring wiring) {
        this.context = context;
        meters = wiring.meters();
        stores = new CorpusStores(context);
        stores.requireHome(context.taskId().partition(), wiring.partition());
        deadLetters = new DeadLetterSink(context, wiring);
        rerouting = new Rerouting(context, wiring, IngestTopology.REROUTED_TEXT);
        once = new ReadOnce(context, wiring, Topic.TEXT);
    }

    @Override
    public void close() {
        once.close();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!once.alreadyRead()) {
            accept(record);
            once.markRead();
        }
    }

    private void accept(Record<byte[], byte[]> record) {
        try {
            String corpus = CorpusName.ofText(record.key(), record.headers());
            // Where the header named it, it is the key from now on, also of the copy that is forwarded.
            Record<byte[], byte[]> keyed =
                    record.key() == null ? record.withKey(corpus.getBytes(StandardCharsets.UTF_8)) : record;
            if (!rerouting.forward(corpus, keyed, record.value())) {
                meters.record();
                read(corpus, keyed);
            }
        } catch (RejectedRecordException e) {
            deadLetters.send(record, record.value(), e);
        }
    }

    private void read(String corpus, Record<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new RejectedRecordException(
                    Reason.NO_VALUE, "The record has no value: the value must be text, one or more whole lines.");
        }
        String text = StrictUtf8.decode(record.value(), Reason.INVALID_UTF8, "The value");
        CorpusState state = stores.state(corpus).orElseGet(() -> CorpusState.begin(Reading.DEFAULT));
        Reading reading = state.reading();
        TextReader reader = readers.computeIfAbsent(reading, TextReader::new);
        List<String> normalized = reader.parts(text, !state.hasTokens());
        if (normalized.isEmpty()) {
            reportEmpty(corpus, text, reading.normalizer());
            return;
        }
        if (reading.tokenizer() == Tokenizer.WORDS) {
            reader.cut(normalized, new LongWords());
        }
        Vocabulary vocabulary =
                vocabularies.computeIfAbsent(corpus, name -> stores.vocabulary(name, state.vocabularySize()));
        Blocks blocks = new Blocks(corpus, record, state);
        BlockCutter cutter = new BlockCutter(vocabulary, blocks::send);
        if (!state.hasTokens()) {
            cutter.reserve(reading.reservedTokens());
        }
        reader.cut(normalized, cutter);
        cutter.finish();
        stores.put(corpus, new CorpusState(reading, blocks.nextPosition, vocabulary.size()));
    }

    private void reportEmpty(String corpus, String text, Normalizer normalizer) {
        meters.empty();
        if (text.length() > WARNING_CHARACTERS && warned.add(corpus)) {
            log.atWarn()
                    .addKeyValue("corpus", corpus)
                    .addKeyValue("characters", text.length())
                    .addKeyValue("normalizer", normalizer)
                    .log(
                            "Nothing is left of a text after normalization: try the normalizer {}, in a spec before the first text",
                            normalizer == Normalizer.TIME_MACHINE ? Normalizer.LETTERS : Normalizer.VERBATIM);
        }
    }

    /** Sends the blocks of one text record. */
    private final class Blocks {

        private final String corpus;
        private final Record<byte[], byte[]> record;
        private final Reading reading;
        private final RecordMetadata source;
        private long nextPosition;

        Blocks(String corpus, Record<byte[], byte[]> record, CorpusState state) {
            this.corpus = corpus;
            this.record = record;
            this.reading = state.reading();
            this.source = context.recordMetadata()
                    .orElseThrow(() -> new IllegalStateException("No record is being processed"));
            this.nextPosition = state.nextPosition();
        }

        void send(BlockCutter.Block block) {
            int id = block.firstNewId();
            for (String entry : block.newEntries()) {
                stores.put(corpus, id++, entry);
            }
            TokenBlock tokens = SpecConversion.block(reading)
                    .setFirstPosition(nextPosition)
                    .setFirstNewId(block.firstNewId())
                    .setNewEntries(block.newEntries())
                    .setTokens(block.tokens())
                    .setTextPartition(source.partition())
                    .setTextOffset(source.offset())
                    .build();
            context.forward(new Record<>(record.key(), tokens, record.timestamp()), IngestTopology.TOKENS);
            nextPosition += block.tokens().size();
            meters.block(block.tokens().size());
        }
    }
}
