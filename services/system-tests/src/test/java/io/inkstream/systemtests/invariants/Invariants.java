package io.inkstream.systemtests.invariants;

import io.inkstream.platform.topics.Topic;
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

    /** Figure: corpora whose weights were compared with those of an undisturbed run. */
    public static final String COMPARED = WeightsAreRepeatable.COMPARED;

    private static final String DEAD_LETTERS = "dead letters";
    private static final String HELD_UP = "partitions held up by an open transaction";

    private Invariants() {}

    /** Checks tokens, manifests and the order of epochs, which hold at any moment. */
    public static void checkHistory(Evidence evidence, Workload workload, Findings findings) {
        checkHistory(evidence, workload.texts(), findings);
    }

    /** Checks everything but the weights. */
    public static void check(Evidence evidence, Workload workload, Findings findings) {
        check(evidence, workload.texts(), workload.requests(), findings);
        findings.count(HELD_UP, 0);
        for (Topic topic : Topic.values()) {
            String name = evidence.topics().of(topic);
            CommittedTopic.heldUp(evidence.connection(), name)
                    .forEach(partition -> findings.fault(HELD_UP, 1, "%s-%d", name, partition));
        }
    }

    /** Checks what the evidence alone can tell. */
    static void check(
            Evidence evidence, List<CorpusText> texts, Map<String, PrefixRequest> requests, Findings findings) {
        checkHistory(evidence, texts, findings);
        texts.forEach(text -> EpochsAreToldOnce.checkLast(evidence, text, findings));
        texts.forEach(text -> StreamsAreTrainedOnce.check(evidence, text, findings));
        OffsetsAreWhatWasTrained.check(evidence, findings);
        RequestsAreAnswered.check(evidence, requests, findings);
        findings.count(DEAD_LETTERS, 0);
        evidence.deadLetters().forEach(letter -> findings.fault(DEAD_LETTERS, 1, "%s", letter));
    }

    private static void checkHistory(Evidence evidence, List<CorpusText> texts, Findings findings) {
        for (CorpusText text : texts) {
            TokensAreTheText.check(evidence, text, findings);
            ManifestsFormAChain.check(evidence, text, findings);
            EpochsAreToldOnce.checkOrder(evidence, text, findings);
        }
    }

    /** Compares the weights of a corpus with those of an undisturbed run, which takes its time unless it was begun before. */
    public static void checkWeights(Evidence evidence, CorpusText text, Repetitions repetitions, Findings findings) {
        CheckpointsAreWhole.check(evidence, text, findings)
                .ifPresent(checkpoint -> WeightsAreRepeatable.check(
                        text, evidence.newest(text.corpus()), checkpoint, repetitions, findings));
    }
}
