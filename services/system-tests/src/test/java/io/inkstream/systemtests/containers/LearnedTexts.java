package io.inkstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.systemtests.invariants.Evidence;
import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.Invariants;
import io.inkstream.systemtests.invariants.Repetitions;
import io.inkstream.systemtests.invariants.TrainingWatch;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.GeneratedText;
import io.inkstream.systemtests.workload.TrainingCase;
import io.inkstream.systemtests.workload.TrainingPlan;
import io.inkstream.systemtests.workload.Workload;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Corpora that are produced, trained and asked for completions while something happens to the containers, and the question
 * afterwards whether anything was lost, doubled or changed by it. Used by one thread.
 */
final class LearnedTexts implements AutoCloseable {

    private static final TopicNames TOPICS = new TopicNames(TopicNames.DEFAULT_PREFIX);
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final TrainingSpec SPEC = spec(1_000_000);
    private static final int FIRST_LINES = 40;
    private static final int MORE_LINES = 4;

    private final Connection connection;
    private final Workload workload;
    private final TrainingWatch watch;
    private final Repetitions repetitions = new Repetitions();
    private final GeneratedText text = new GeneratedText(7);

    LearnedTexts(Connection connection) {
        this.connection = connection;
        this.workload = new Workload(connection, TOPICS);
        this.watch = new TrainingWatch(connection, TOPICS);
    }

    private static TrainingSpec spec(int epochs) {
        return TrainingCase.of(CellKind.GRU, OptimizerKind.ADAM, SamplingKind.SEQUENTIAL)
                .spec(epochs, 11);
    }

    /** Publishes the settings and the first text of a corpus, which is trained without end. */
    CorpusText begin(String corpus) {
        CorpusText begun = workload.begin(corpus, Reading.DEFAULT, SPEC);
        workload.append(begun, text.piece(0, FIRST_LINES));
        return begun;
    }

    /** Produces more text of a corpus, also while the broker is away. */
    void append(CorpusText corpus) {
        workload.append(corpus, text.piece(corpus.pieces(), MORE_LINES));
    }

    /**
     * Lets training end with the epoch that it is in, waits until it has, and begins to repeat it. So there is less to repeat than
     * if a corpus were trained for as long as a test takes.
     */
    void rest(CorpusText corpus) {
        workload.publish(corpus, spec(1));
        awaitEnd(corpus);
        repetitions.extend(corpus, TrainingPlan.ofEpochs(SPEC, watch.epochs(corpus.corpus())));
    }

    /** Lets training continue without end. */
    void resume(CorpusText corpus) {
        workload.publish(corpus, SPEC);
    }

    /** Asks for a completion, also while the broker is away. */
    void ask(CorpusText corpus) {
        workload.ask(PrefixRequest.newBuilder()
                .setCorpus(corpus.corpus())
                .setPrefix("a")
                .setMaxTokens(20)
                .build());
    }

    /** Waits until a corpus is in training on all its text, and has epochs to come. */
    void awaitTraining(CorpusText corpus) {
        await("training of " + corpus.corpus()).atMost(TIMEOUT).until(() -> watch.newest(corpus.corpus())
                .filter(newest -> newest.getSource().getEndPosition() == corpus.size())
                .filter(newest -> !newest.getFinished())
                .isPresent());
    }

    /** Waits until a checkpoint covers all text that was produced so far, and returns how long that took. */
    Duration awaitCovered(CorpusText corpus) {
        long began = System.nanoTime();
        await("training on all of " + corpus.corpus()).atMost(TIMEOUT).until(() -> watch.newest(corpus.corpus())
                .filter(newest -> newest.getSource().getEndPosition() == corpus.size())
                .isPresent());
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Waits until every request is answered, and returns how long that took. */
    Duration awaitAnswers() {
        long began = System.nanoTime();
        // Reading may time out while the partitions of a broker that died get new leaders.
        await("answers")
                .atMost(TIMEOUT)
                .ignoreExceptionsInstanceOf(RetriableException.class)
                .until(() -> Evidence.answered(connection, TOPICS)
                        .containsAll(workload.requests().keySet()));
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Waits until all text of a corpus was learned, and everything that was asked is answered. */
    void awaitLearned(CorpusText corpus) {
        rest(corpus);
        workload.flush();
        Duration unused = awaitAnswers();
    }

    /** The same for corpora to which nothing was appended, each for the same number of epochs. */
    void awaitLearnedAlike(List<CorpusText> corpora) {
        corpora.forEach(corpus -> workload.publish(corpus, spec(1)));
        corpora.forEach(this::awaitEnd);
        int epochs = corpora.stream()
                .mapToInt(corpus -> watch.epochs(corpus.corpus()).size())
                .max()
                .orElseThrow();
        corpora.forEach(corpus -> workload.publish(corpus, spec(epochs)));
        await("%d epochs of each".formatted(epochs)).atMost(TIMEOUT).until(() -> corpora.stream()
                .allMatch(corpus -> watch.epochs(corpus.corpus()).size() == epochs));
        corpora.forEach(this::awaitEnd);
        workload.flush();
        Duration unused = awaitAnswers();
    }

    private void awaitEnd(CorpusText corpus) {
        await("end of the training of " + corpus.corpus()).atMost(TIMEOUT).until(() -> watch.newest(corpus.corpus())
                .filter(CheckpointManifest::getFinished)
                .filter(newest ->
                        newest.getEpoch() == watch.epochs(corpus.corpus()).size())
                .filter(newest -> newest.getSource().getEndPosition() == corpus.size())
                .isPresent());
    }

    /**
     * Checks what the topics have of all corpora so far: tokens, epochs, offsets, answers; and that a corpus has the weights
     * of a run that nothing happened to.
     */
    Findings check(CorpusText corpus) {
        repetitions.extend(corpus, TrainingPlan.ofEpochs(SPEC, watch.epochs(corpus.corpus())));
        Evidence evidence = Evidence.gatherQuiet(connection, TOPICS, workload.badRecords());
        Findings findings = new Findings();
        Invariants.check(evidence, workload, findings);
        Invariants.checkTraining(evidence, corpus, repetitions, findings);
        assertThat(findings.faults()).as(findings.table()).isEmpty();
        assertThat(findings.figure(Invariants.COMPARED)).isEqualTo(1);
        return findings;
    }

    /** The SHA-256 of a corpus's newest weights. */
    String weights(CorpusText corpus) {
        return watch.newest(corpus.corpus()).orElseThrow().getWeightsSha256();
    }

    @Override
    public void close() {
        repetitions.close();
        workload.close();
        watch.close();
    }
}
