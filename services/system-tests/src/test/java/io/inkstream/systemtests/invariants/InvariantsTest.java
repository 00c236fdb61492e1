package io.inkstream.systemtests.invariants;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.TrustedSchemas;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CheckpointReference;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.schemas.TrainingState;
import io.inkstream.systemtests.workload.BadRecord;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.TrainingCase;
import io.inkstream.systemtests.workload.TrainingPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the invariants are there to find is found. */
class InvariantsTest {

    private static final String CORPUS = "corpus";

    private final CorpusText text = new CorpusText(CORPUS, Reading.DEFAULT);
    private final List<Evidence.Read<TokenBlock>> blocks = new ArrayList<>();
    private final List<Evidence.Read<CheckpointManifest>> manifests = new ArrayList<>();
    private final List<Evidence.Read<TrainingProgress>> epochs = new ArrayList<>();
    private final List<Evidence.Read<Completion>> answers = new ArrayList<>();
    private final PrefixRequest request =
            PrefixRequest.newBuilder().setCorpus(CORPUS).setPrefix("a").build();
    private long trained = 12;

    /** Avro takes the defaults of enums only where a serde has declared their package as trusted. */
    @BeforeAll
    static void trustGeneratedClasses() {
        TrustedSchemas.trust();
    }

    @BeforeEach
    void twoBlocksOfWhichTwoCheckpointsWereMade() {
        text.append("abc"); // a b c
        text.append("ad"); // a space, a d
        blocks.add(block(10, 0, 1, List.of("a", "b", "c"), 1, 2, 3));
        blocks.add(block(11, 3, 4, List.of(" ", "d"), 4, 1, 5));
        manifests.add(manifest("one", null, 0, 5, 1));
        manifests.add(manifest("two", "one", 1, 10, 2));
        epochs.add(epoch(1));
        epochs.add(epoch(2));
        answers.add(answer("one", "x"));
    }

    @Test
    void nothingIsFoundWhereNothingIsWrong() {
        // Given an answer that came twice
        answers.add(answer("one", "x"));

        // Then
        assertThat(faults()).isEmpty();
    }

    @Test
    void aBlockThatIsMissing() {
        blocks.remove(0);
        assertThat(findings().figure(TokensAreTheText.LOST)).isEqualTo(3);
    }

    @Test
    void aBlockThatIsMissingAtTheEnd() {
        blocks.remove(1);
        assertThat(findings().figure(TokensAreTheText.LOST)).isEqualTo(3);
    }

    @Test
    void aBlockThatIsThereTwice() {
        blocks.add(1, blocks.get(0));
        assertThat(findings().figure(TokensAreTheText.DOUBLED)).isEqualTo(3);
    }

    @Test
    void tokensOfTextThatWasNotProduced() {
        blocks.add(block(12, 6, 6, List.of(), 1));
        assertThat(findings().figure(TokensAreTheText.DOUBLED)).isEqualTo(1);
    }

    @Test
    void aTokenThatDiffersFromTheText() {
        blocks.set(1, block(11, 3, 4, List.of(" ", "d"), 4, 2, 5));
        assertThat(findings().figure(TokensAreTheText.WRONG)).isEqualTo(1);
    }

    @Test
    void anEntryThatHasAnotherId() {
        blocks.set(1, block(11, 3, 4, List.of("d", " "), 5, 1, 4));
        assertThat(findings().figure(TokensAreTheText.VOCABULARY)).isEqualTo(1);
    }

    @Test
    void twoOwnersThatPublishSideBySide() {
        manifests.add(manifest("three", "one", 2, 11, 2));
        assertThat(findings().figure(ManifestsFormAChain.BROKEN)).isEqualTo(1);
    }

    @Test
    void anOwnerThatFallsBack() {
        manifests.add(manifest("three", "two", 2, 9, 2));
        assertThat(findings().figure(ManifestsFormAChain.BROKEN)).isEqualTo(1);
    }

    @Test
    void aNumberThatIsGivenTwice() {
        manifests.add(manifest("three", "two", 1, 12, 2));
        assertThat(findings().figure(ManifestsFormAChain.BROKEN)).isEqualTo(1);
    }

    @Test
    void anEpochThatIsRecordedTwice() {
        epochs.add(epoch(2));
        assertThat(findings().figure(EpochsAreRecordedOnce.WRONG)).isPositive();
    }

    @Test
    void anEpochThatIsNotRecorded() {
        epochs.remove(1);
        assertThat(findings().figure(EpochsAreRecordedOnce.WRONG)).isPositive();
    }

    @Test
    void anOffsetBeyondWhatWasTrained() {
        manifests.set(1, manifest("two", "one", 1, 10, 2, 4));
        assertThat(findings().figure(OffsetsAreWhatWasTrained.WRONG)).isEqualTo(1);
    }

    @Test
    void aCommittedOffsetThatIsTooHigh() {
        trained = 11;
        assertThat(findings().figure(OffsetsAreWhatWasTrained.WRONG)).isEqualTo(1);
    }

    @Test
    void aRequestWithoutAnAnswer() {
        answers.clear();
        assertThat(findings().figure(RequestsAreAnswered.UNANSWERED)).isEqualTo(1);
    }

    @Test
    void twoAnswersThatContradictEachOther() {
        answers.add(answer("one", "y"));
        assertThat(findings().figure(RequestsAreAnswered.CONTRADICTED)).isEqualTo(1);
    }

    @Test
    void anAnswerByACheckpointThatWasNotCommitted() {
        answers.add(answer("three", "x"));
        assertThat(findings().figure(RequestsAreAnswered.UNTRACEABLE)).isEqualTo(1);
    }

    @Test
    void aBadRecordHasItsDeadLetter() {
        // Given a request's, that is written at least once
        BadRecord text = new BadRecord(BadRecord.Kind.TEXT_IN_OTHER_BYTES, 0);
        BadRecord request = new BadRecord(BadRecord.Kind.REQUEST, 1);

        // Then
        assertThat(deadLetters(0, List.of(text, request), text, request, request)
                        .faults())
                .isEmpty();
    }

    @Test
    void aDeadLetterThatIsMissing() {
        BadRecord text = new BadRecord(BadRecord.Kind.TEXT_WITHOUT_KEY, 0);
        assertThat(deadLetters(0, List.of(text)).figure(DeadLettersAreExpected.MISSING))
                .isEqualTo(1);
    }

    @Test
    void aDeadLetterThatIsWrittenTwice() {
        BadRecord tokens = new BadRecord(BadRecord.Kind.TOKENS, 0);
        assertThat(deadLetters(3, List.of(tokens), tokens, tokens).figure(DeadLettersAreExpected.DOUBLED))
                .isEqualTo(1);
    }

    @Test
    void aDeadLetterOfASpecComesAgainWhenAllSpecsAreReadAgain() {
        BadRecord spec = new BadRecord(BadRecord.Kind.SPEC, 0);
        assertThat(deadLetters(0, List.of(spec), spec, spec).figure(DeadLettersAreExpected.DOUBLED))
                .isEqualTo(1);
        assertThat(deadLetters(1, List.of(spec), spec, spec).faults()).isEmpty();
    }

    @Test
    void aDeadLetterOfAValidRecord() {
        BadRecord sent = new BadRecord(BadRecord.Kind.SPEC, 0);
        BadRecord other = new BadRecord(BadRecord.Kind.SPEC, 1);
        assertThat(deadLetters(0, List.of(sent), sent, other).figure(DeadLettersAreExpected.UNEXPECTED))
                .isEqualTo(1);
    }

    @Test
    void aTrainingThatDiffersFromTheUninterruptedRun() {
        // Given
        CorpusText learned = new CorpusText(CORPUS, Reading.DEFAULT);
        learned.append("the river carries the old press ".repeat(8));
        TrainingSpec spec = TrainingCase.of(CellKind.RNN_TANH, OptimizerKind.ADAM, SamplingKind.SEQUENTIAL)
                .spec(3, 1);
        Checkpoint undisturbed = UndisturbedRun.train(learned, TrainingPlan.onAll(learned, spec));
        Checkpoint longer = UndisturbedRun.train(
                learned, new TrainingPlan(spec, List.of(new TrainingPlan.Stage(learned.size(), 4))));
        Checkpoint otherwise = UndisturbedRun.train(
                learned,
                new TrainingPlan(
                        spec,
                        List.of(
                                new TrainingPlan.Stage(learned.size() / 2, 1),
                                new TrainingPlan.Stage(learned.size(), 2))));

        // Then
        Findings findings = new Findings();
        TrainingIsRepeatable.check(learned, undisturbed, undisturbed, findings);
        assertThat(findings.faults()).isEmpty();
        TrainingIsRepeatable.check(learned, longer, undisturbed, findings);
        assertThat(findings.figure(TrainingIsRepeatable.MISMATCHES)).isEqualTo(1);
        assertThat(CheckpointComparison.differences(otherwise, undisturbed))
                .contains("weights", "optimizer state", "cursor", "history")
                .doesNotContain("settings", "threads");
    }

    @Test
    void epochsOnTheSameTokensAreOneStageOfAPlan() {
        assertThat(TrainingPlan.ofEpochs(TrainingCase.few().get(0).spec(2, 1), List.of(5, 5, 9, 9))
                        .stages())
                .containsExactly(new TrainingPlan.Stage(5, 2), new TrainingPlan.Stage(9, 2));
    }

    private Findings deadLetters(int forgotten, List<BadRecord> sent, BadRecord... found) {
        Evidence evidence = evidence(Arrays.stream(found)
                .map(bad -> new Evidence.DeadLetter(bad.content(), "because"))
                .toList());
        Findings findings = new Findings();
        DeadLettersAreExpected.check(evidence, sent, forgotten, findings);
        return findings;
    }

    private List<String> faults() {
        return findings().faults();
    }

    private Findings findings() {
        Findings findings = new Findings();
        Invariants.check(evidence(List.of()), List.of(text), Map.of("request", request), findings);
        return findings;
    }

    private Evidence evidence(List<Evidence.DeadLetter> deadLetters) {
        return new Evidence(
                new Connection("127.0.0.1:1", "http://127.0.0.1:1"),
                new TopicNames("test"),
                Map.of(CORPUS, blocks),
                Map.of(CORPUS, manifests),
                Map.of(CORPUS, epochs),
                Map.of("request", answers),
                deadLetters,
                Map.of(0, 14L),
                Map.of(0, trained));
    }

    private static Evidence.Read<TokenBlock> block(
            long offset, long position, int firstNewId, List<String> entries, Integer... ids) {
        return new Evidence.Read<>(
                0,
                offset,
                TokenBlock.newBuilder()
                        .setFirstPosition(position)
                        .setFirstNewId(firstNewId)
                        .setNewEntries(entries)
                        .setTokens(List.of(ids))
                        .setTokenizer(TokenizerKind.CHARACTERS)
                        .setNormalizer(NormalizerKind.LETTERS)
                        .setTextPartition(0)
                        .setTextOffset(offset)
                        .build());
    }

    private static Evidence.Read<CheckpointManifest> manifest(
            String sha256, String parent, long number, long step, int epoch) {
        return manifest(sha256, parent, number, step, epoch, 6);
    }

    private static Evidence.Read<CheckpointManifest> manifest(
            String sha256, String parent, long number, long step, int epoch, long end) {
        return new Evidence.Read<>(
                0,
                number,
                CheckpointManifest.newBuilder()
                        .setSha256(sha256)
                        .setWeightsSha256("")
                        .setNumber(number)
                        .setParent(parent)
                        .setBytes(1)
                        .setSlot(0)
                        .setCheckpointPartition(0)
                        .setChunkOffsets(List.of(0L))
                        .setStep(step)
                        .setEpoch(epoch)
                        .setTokensTrained(step)
                        .setFinished(false)
                        .setVocabularySize(6)
                        .setSpec(CorpusSpec.newBuilder()
                                .setTokenizer(TokenizerKind.CHARACTERS)
                                .setNormalizer(NormalizerKind.LETTERS)
                                .build())
                        .setDevice("cpu")
                        .setThreads(1)
                        .setSource(SourceRange.newBuilder()
                                .setFirstPosition(0)
                                .setEndPosition(end)
                                .setTokenPartition(0)
                                .setFirstTokenOffset(10)
                                .setLastTokenOffset(11)
                                .setTextPartition(0)
                                .setFirstTextOffset(0)
                                .setLastTextOffset(1)
                                .build())
                        .setCreatedAt(Instant.EPOCH)
                        .build());
    }

    private static Evidence.Read<TrainingProgress> epoch(int epoch) {
        return new Evidence.Read<>(
                0,
                epoch,
                TrainingProgress.newBuilder()
                        .setKind(ProgressKind.EPOCH)
                        .setState(TrainingState.TRAINING)
                        .setEpoch(epoch)
                        .setEpochsLeft(0)
                        .setStep(5L * epoch)
                        .setEpochTokens(6)
                        .setKnownTokens(6)
                        .setTokensTrained(5L * epoch)
                        .setVocabularySize(6)
                        .setTokensPerSecond(1)
                        .setDevice("cpu")
                        .setAt(Instant.EPOCH)
                        .build());
    }

    private static Evidence.Read<Completion> answer(String checkpoint, String text) {
        return new Evidence.Read<>(
                0,
                0,
                Completion.newBuilder()
                        .setCorpus(CORPUS)
                        .setPrefix("a")
                        .setText(text)
                        .setTokens(1)
                        .setUnknownTokens(0)
                        .setFinish(FinishReason.LENGTH)
                        .setTemperature(0)
                        .setCheckpoint(CheckpointReference.newBuilder()
                                .setSha256(checkpoint)
                                .setStep(1)
                                .setEpoch(1)
                                .build())
                        .setMilliseconds(1)
                        .build());
    }
}
