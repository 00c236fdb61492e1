package io.inkstream.systemtests.invariants;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.Workload;
import java.util.List;
import java.util.Map;

/** What must hold whatever happened to the processes, checked from the topics alone when everything is quiet again. */
public final class Invariants {

    /** Figure: tokens that text was produced for. */
    public static final String TOKENS_PRODUCED = TokensAreTheText.PRODUCED;

    /** Figure: checkpoints that were committed. */
    public static final String CHECKPOINTS = ManifestsFormAChain.COMMITTED;

    /** Figure: records that were sent unreadable on purpose. */
    public static final String BAD_RECORDS = DeadLettersAreExpected.SENT;

    /** Figure: corpora whose newest checkpoint was compared with that of an undisturbed run. */
    public static final String COMPARED = TrainingIsRepeatable.COMPARED;

    private static final String HELD_UP = "partitions held up by an open transaction";

    private Invariants() {}

    /** Checks tokens, manifests and the order of epochs, which hold at any moment. */
    public static void checkHistory(Evidence evidence, Workload workload, Findings findings) {
        checkHistory(evidence, workload.texts(), findings);
    }

    /** Checks everything but the weights. */
    public static void check(Evidence evidence, Workload workload, Findings findings) {
        check(evidence, workload, 0, findings);
    }

    /**
     * The same where offsets were gone.
     *
     * @param forgotten how often the offsets of ingest's group were deleted
     */
    public static void check(Evidence evidence, Workload workload, int forgotten, Findings findings) {
        check(evidence, workload.texts(), workload.requests(), findings);
        DeadLettersAreExpected.check(evidence, workload.badRecords(), forgotten, findings);
        findings.count(HELD_UP, 0);
        for (Topic topic : Topic.values()) {
            String name = evidence.topics().of(topic);
            CommittedTopic.heldUp(evidence.connection(), name)
                    .forEach(partition -> findings.fault(HELD_UP, 1, "%s-%d", name, partition));
        }
    }

    /** Checks what follows from the evidence alone. */
    static void check(
            Evidence evidence, List<CorpusText> texts, Map<String, PrefixRequest> requests, Findings findings) {
        checkHistory(evidence, texts, findings);
        texts.forEach(text -> EpochsAreRecordedOnce.checkLast(evidence, text, findings));
        texts.forEach(text -> StreamsAreTrainedOnce.check(evidence, text, findings));
        OffsetsAreWhatWasTrained.check(evidence, findings);
        RequestsAreAnswered.check(evidence, requests, findings);
    }

    private static void checkHistory(Evidence evidence, List<CorpusText> texts, Findings findings) {
        for (CorpusText text : texts) {
            TokensAreTheText.check(evidence, text, findings);
            ManifestsFormAChain.check(evidence, text, findings);
            EpochsAreRecordedOnce.checkOrder(evidence, text, findings);
        }
    }

    /** Compares the newest checkpoint of a corpus with that of its undisturbed run, if one was begun. */
    public static void checkTraining(Evidence evidence, CorpusText text, Repetitions repetitions, Findings findings) {
        CheckpointsAreWhole.check(evidence, text, findings).ifPresent(checkpoint -> repetitions
                .checkpoint(text)
                .ifPresent(undisturbed -> TrainingIsRepeatable.check(text, checkpoint, undisturbed, findings)));
    }
}
