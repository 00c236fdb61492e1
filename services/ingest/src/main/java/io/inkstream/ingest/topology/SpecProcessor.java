package io.inkstream.ingest.topology;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.ingest.state.CorpusState;
import io.inkstream.ingest.state.CorpusStores;
import io.inkstream.ingest.text.CorpusName;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.schemas.CorpusSpec;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads specs: stores how the text of a corpus without tokens is read. It rejects a spec that would change this for a corpus
 * with tokens, or that has invalid values. The rest of a spec is for the trainer, which keeps the previous spec when one is
 * rejected.
 */
final class SpecProcessor implements TaskProcessor.Task<ReceivedSpec> {

    private static final Logger log = LoggerFactory.getLogger(SpecProcessor.class);

    private final ProcessorContext<byte[], Object> context;
    private final CorpusStores stores;
    private final DeadLetterSink deadLetters;
    private final Rerouting rerouting;
    private final ReadOnce once;

    /** The processor for the topology. */
    static TaskProcessor<ReceivedSpec> create(Wiring wiring) {
        return new TaskProcessor<>(context -> new SpecProcessor(context, wiring));
    }

    private SpecProcessor(ProcessorContext<byte[], Object> context, Wiring wiring) {
        this.context = context;
        stores = new CorpusStores(context);
        deadLetters = new DeadLetterSink(context, wiring);
        rerouting = new Rerouting(context, wiring, IngestTopology.REROUTED_SPECS);
        once = new ReadOnce(context, wiring, Topic.CORPORA);
    }

    @Override
    public void close() {
        once.close();
    }

    @Override
    public void process(Record<byte[], ReceivedSpec> record) {
        if (!once.alreadyRead()) {
            apply(record);
            once.markRead();
        }
    }

    private void apply(Record<byte[], ReceivedSpec> record) {
        // Its timestamp was replaced, to order it before text: see SpecsFirst.
        Record<byte[], ReceivedSpec> now = record.withTimestamp(context.currentSystemTimeMs());
        ReceivedSpec value = record.value();
        byte @Nullable [] bytes = value == null ? null : value.bytes();
        try {
            String corpus = CorpusName.of(record.key());
            if (!rerouting.forward(corpus, now, bytes) && value != null) {
                CorpusSpec spec = value.spec();
                requireTrainable(spec);
                store(corpus, readingOf(spec));
            }
            // A tombstone means that no model is wanted any more; existing tokens stay.
        } catch (RejectedRecordException e) {
            deadLetters.send(now, bytes, e);
        }
    }

    private void store(String corpus, Reading reading) {
        Optional<CorpusState> state = stores.state(corpus);
        if (state.isPresent() && state.get().reading().equals(reading)) {
            return;
        }
        if (state.isPresent() && state.get().hasTokens()) {
            throw new RejectedRecordException(
                    Reason.TOKENIZER_CHANGE,
                    "Corpus '%s' has text that was read with %s; this cannot change to %s: use another corpus name for those."
                            .formatted(corpus, state.get().reading().description(), reading.description()));
        }
        stores.put(corpus, CorpusState.begin(reading));
        log.atInfo()
                .addKeyValue("corpus", corpus)
                .addKeyValue("tokenizer", reading.tokenizer())
                .addKeyValue("normalizer", reading.normalizer())
                .addKeyValue("nfc", reading.nfc())
                .addKeyValue("reservedTokens", reading.reservedTokens())
                .log("Corpus specified");
    }

    private static Reading readingOf(CorpusSpec spec) {
        try {
            return SpecConversion.reading(spec);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    Reason.RESERVED_TOKENS, e.getMessage() + ": publish a spec with other reserved tokens.");
        }
    }

    private static void requireTrainable(CorpusSpec spec) {
        if (spec.getTraining() == null) {
            return;
        }
        try {
            SpecConversion.settings(spec.getTraining());
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    Reason.TRAINING_VALUES,
                    "The spec cannot be trained: %s. Publish one with another value; until then the previous spec applies."
                            .formatted(e.getMessage()));
        }
    }
}
