package io.inkstream.systemtests.invariants;

import io.inkstream.platform.topics.Topic;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.Workload;

/** What must hold whatever happened to the processes, checked from the topics alone when everything is quiet again. */
public final class Invariants {

    /** Figure: tokens that text was produced for. */
    public static final String TOKENS_PRODUCED = TokensAreTheText.PRODUCED;

    /** Figure: checkpoints that were committed. */
    public static final String CHECKPOINTS = ManifestsFormAChain.COMMITTED;

    /** Figure: corpora whose weights were compared with those of an undisturbed run. */
    public static final String COMPARED = WeightsAreRepeatable.COMPARED;

    private Invariants() {}

    /** Checks tokens, manifests and the order of epochs, which hold at any moment. */
    public static void checkHistory(Evidence evidence, Workload workload, Findings findings) {
        for (CorpusText text : workload.texts()) {
            TokensAreTheText.check(evidence, text, findings);
            ManifestsFormAChain.check(evidence, text, findings);
            EpochsAreToldOnce.checkOrder(evidence, text, findings);
        }
    }

    /** Checks everything but the weights. */
    public static void check(Evidence evidence, Workload workload, Findings findings) {
        checkHistory(evidence, workload, findings);
        workload.texts().forEach(text -> EpochsAreToldOnce.checkLast(evidence, text, findings));
        workload.texts().forEach(text -> StreamsAreTrainedOnce.check(evidence, text, findings));
        OffsetsAreWhatWasTrained.check(evidence, findings);
        RequestsAreAnswered.check(evidence, workload.requests(), findings);
        findings.count("dead letters", 0);
        evidence.deadLetters().forEach(letter -> findings.fault("dead letters", 1, "%s", letter));
        findings.count("partitions held up by an open transaction", 0);
        for (Topic topic : Topic.values()) {
            String name = evidence.topics().of(topic);
            CommittedTopic.heldUp(evidence.connection(), name)
                    .forEach(partition ->
                            findings.fault("partitions held up by an open transaction", 1, "%s-%d", name, partition));
        }
    }

    /** Compares the weights of a corpus with those of an undisturbed run, which takes its time unless it was begun before. */
    public static void checkWeights(Evidence evidence, CorpusText text, Repetitions repetitions, Findings findings) {
        CheckpointsAreWhole.check(evidence, text, findings)
                .ifPresent(checkpoint -> WeightsAreRepeatable.check(
                        text, evidence.newest(text.corpus()), checkpoint, repetitions, findings));
    }
}
