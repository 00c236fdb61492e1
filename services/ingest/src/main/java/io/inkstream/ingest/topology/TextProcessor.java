package io.inkstream.ingest.topology;

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
import io.inkstream.platform.topics.Topic;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.specs.SpecReading;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns text into token blocks. */
final class TextProcessor implements Processor<byte[], byte[], byte[], Object> {

    /** A record longer than this of which nothing is left was hardly meant to leave nothing. */
    private static final int WORTH_A_WARNING = 200;

    private static final Logger log = LoggerFactory.getLogger(TextProcessor.class);

    private final Wiring wiring;
    private final IngestMeters meters;

    private ProcessorContext<byte[], Object> context;
    private CorpusStores stores;
    private DeadLetterSink deadLetters;
    private Rerouting rerouting;
    private ReadOnce once;
    private Map<String, Vocabulary> vocabularies;
    private Map<Reading, TextReader> readers;
    private Set<String> warned;

    TextProcessor(Wiring wiring) {
        this.wiring = wiring;
        this.meters = wiring.meters();
    }

    /**
     * Begins with what the stores hold.
     *
     * <p>This is where the vocabularies are forgotten, and it has to be: they may be ahead of the stores when a
     * transaction was aborted. Kafka Streams then restores the stores from what was committed, and either makes new
     * processors (when the thread died or the task moved) or initializes the same ones once more (when it revives a
     * task after a commit that timed out). In both cases it comes through here, after the stores are restored.
     */
    @Override
    public void init(ProcessorContext<byte[], Object> context) {
        this.context = context;
        stores = new CorpusStores(context);
        stores.requireHome(context.taskId().partition(), wiring.partition());
        deadLetters = new DeadLetterSink(context, wiring);
        rerouting = new Rerouting(context, wiring, IngestTopology.TEXT_SENT_ON);
        once = new ReadOnce(context, wiring, Topic.TEXT);
        vocabularies = new HashMap<>();
        readers = new HashMap<>();
        warned = new HashSet<>();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!once.hasRead()) {
            take(record);
            once.read();
        }
    }

    private void take(Record<byte[], byte[]> record) {
        try {
            String corpus = CorpusName.of(record.key());
            if (!rerouting.sendOn(corpus, record, record.value())) {
                meters.record();
                read(corpus, record);
            }
        } catch (RejectedRecordException e) {
            deadLetters.send(record, record.value(), e);
        }
    }

    private void read(String corpus, Record<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new RejectedRecordException(
                    Reason.NO_VALUE, "The record has no value: give text, one or more whole lines, as the value.");
        }
        String text = StrictUtf8.decode(record.value(), Reason.INVALID_UTF8, "The value");
        CorpusState state = stores.state(corpus).orElseGet(() -> CorpusState.begin(Reading.DEFAULT));
        Reading reading = state.reading();
        TextReader reader = readers.computeIfAbsent(reading, TextReader::new);
        List<String> normalized = reader.parts(text, !state.hasTokens());
        if (normalized.isEmpty()) {
            nothingLeft(corpus, text, reading.normalizer());
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

    private void nothingLeft(String corpus, String text, Normalizer normalizer) {
        meters.empty();
        if (text.length() > WORTH_A_WARNING && warned.add(corpus)) {
            log.atWarn()
                    .addKeyValue("corpus", corpus)
                    .addKeyValue("characters", text.length())
                    .addKeyValue("normalizer", normalizer)
                    .log(
                            "The normalizer leaves nothing of a text: try the normalizer {}, in a spec before the first text",
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
            TokenBlock tokens = SpecReading.block(reading)
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
