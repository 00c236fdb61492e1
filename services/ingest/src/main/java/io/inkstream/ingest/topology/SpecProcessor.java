package io.inkstream.ingest.topology;

import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.ingest.state.CorpusState;
import io.inkstream.ingest.state.CorpusStores;
import io.inkstream.ingest.text.CorpusName;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.platform.topics.Topic;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.specs.SpecReading;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the specs: notes how a corpus is read that has no tokens yet, and refuses to change it for one that has, as well as
 * a spec with impossible values. What else a spec says is for the trainer, which keeps the spec before a refused one too.
 */
final class SpecProcessor implements Processor<byte[], ReceivedSpec, byte[], Object> {

    private static final Logger log = LoggerFactory.getLogger(SpecProcessor.class);

    private final Wiring wiring;

    private ProcessorContext<byte[], Object> context;
    private CorpusStores stores;
    private DeadLetterSink deadLetters;
    private Rerouting rerouting;
    private ReadOnce once;

    SpecProcessor(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> context) {
        this.context = context;
        stores = new CorpusStores(context);
        deadLetters = new DeadLetterSink(context, wiring);
        rerouting = new Rerouting(context, wiring, IngestTopology.SPECS_SENT_ON);
        once = new ReadOnce(context, wiring, Topic.CORPORA);
    }

    @Override
    public void process(Record<byte[], ReceivedSpec> record) {
        if (!once.hasRead()) {
            take(record);
            once.read();
        }
    }

    private void take(Record<byte[], ReceivedSpec> record) {
        // Its own timestamp was replaced, to put it in front of text: see SpecsFirst.
        Record<byte[], ReceivedSpec> now = record.withTimestamp(context.currentSystemTimeMs());
        byte[] bytes = record.value() == null ? null : record.value().bytes();
        try {
            String corpus = CorpusName.of(record.key());
            if (!rerouting.sendOn(corpus, now, bytes) && record.value() != null) {
                CorpusSpec spec = record.value().decoded();
                requireTrainable(spec);
                take(corpus, readingOf(spec));
            }
            // A tombstone says that no model is wanted any more; the tokens that there are stay as they are.
        } catch (RejectedRecordException e) {
            deadLetters.send(now, bytes, e);
        }
    }

    private void take(String corpus, Reading reading) {
        CorpusState state = stores.state(corpus).orElse(null);
        if (state != null && state.reading().equals(reading)) {
            return;
        }
        if (state != null && state.hasTokens()) {
            throw new RejectedRecordException(
                    Reason.TOKENIZER_CHANGE,
                    "Corpus '%s' is read with %s since its first text, and not with %s: train another corpus for those."
                            .formatted(corpus, state.reading().description(), reading.description()));
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
            return SpecReading.reading(spec);
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
            SpecReading.settings(spec.getTraining());
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    Reason.TRAINING_VALUES,
                    "The spec cannot be trained, as %s: publish one with another value; the one before stays."
                            .formatted(e.getMessage()));
        }
    }
}
