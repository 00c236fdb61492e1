package io.inkstream.generator.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.corpuslog.checkpoints.Branch;
import io.inkstream.generator.Decoders;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.TokenizerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ModelsTest {

    private final ModelCatalogue catalogue = new ModelCatalogue();
    private final Queue<Runnable> loads = new ArrayDeque<>();
    private final Set<String> damaged = new HashSet<>();
    private final List<String> read = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private final Models models = new Models(
            catalogue,
            new ModelLoader(
                    (corpus, manifest) -> {
                        read.add(manifest.getSha256());
                        if (damaged.contains(manifest.getSha256())) {
                            throw new IllegalStateException("chunk 3 is gone");
                        }
                        return new byte[0];
                    },
                    (corpus, unreadable) ->
                            history.stream().map(ModelsTest::manifest).toList(),
                    bytes -> Decoders.random(1)),
            loads::add,
            (all, model) -> {},
            Duration.ofSeconds(60),
            Duration.ofHours(1),
            3 * Decoders.random(1).bytes());

    @Test
    void theFirstRequestWaitsForTheLoad() {
        // Given
        catalogue.put("wells", manifest("one"));

        // When
        CompletableFuture<LoadedModel> first = models.forRequest("wells");
        CompletableFuture<LoadedModel> second = models.forRequest("wells");

        // Then
        assertThat(first).isNotDone();
        assertThat(loads).hasSize(1);
        loads.remove().run();
        assertThat(first.join().manifest().getSha256()).isEqualTo("one");
        assertThat(second.join()).isSameAs(first.join());
        assertThat(models.forRequest("wells")).isCompletedWithValue(first.join());
    }

    @Test
    void loadsModelsOnRequestOnly() {
        // When
        catalogue.put("wells", manifest("one"));
        models.changed("wells");

        // Then
        assertThat(loads).isEmpty();
    }

    @Test
    void aNewCheckpointIsLoadedWhileThePreviousIsServed() {
        // Given
        serve("wells", "one");

        // When
        catalogue.put("wells", manifest("two"));
        models.changed("wells");
        catalogue.put("wells", manifest("three"));
        models.changed("wells");

        // Then
        assertThat(serving("wells")).isEqualTo("one");
        assertThat(loads).hasSize(1);
        loads.remove().run();
        assertThat(serving("wells")).isEqualTo("three");
        assertThat(loads).isEmpty();
        assertThat(read).containsExactly("one", "three");
    }

    @Test
    void aDamagedCheckpointDoesNotReplaceThePreviousAndIsRetriedAfterABackOff() {
        // Given
        serve("wells", "one");
        damaged.add("two");

        // When
        catalogue.put("wells", manifest("two"));
        models.changed("wells");
        loads.remove().run();

        // Then
        assertThat(serving("wells")).isEqualTo("one");
        assertThat(loads).isEmpty();

        // And the next one is tried
        catalogue.put("wells", manifest("three"));
        models.changed("wells");
        loads.remove().run();
        assertThat(serving("wells")).isEqualTo("three");
    }

    @Test
    void waitingRequestsFailWhenTheCheckpointIsDamaged() {
        // Given
        damaged.add("one");
        catalogue.put("wells", manifest("one"));

        // When
        CompletableFuture<LoadedModel> waiting = models.forRequest("wells");
        loads.remove().run();

        // Then
        assertThatThrownBy(waiting::join).hasMessageContaining("'wells'").hasMessageContaining("chunk 3 is gone");
        assertThatThrownBy(() -> models.forRequest("wells").join()).hasMessageContaining("chunk 3 is gone");
        assertThat(loads).isEmpty();
    }

    @Test
    void servesTheLatestReadableCheckpointOfTheHistoryWhenTheLatestIsDamaged() {
        // Given
        damaged.addAll(List.of("four", "three"));
        history.addAll(List.of("three", "two", "one"));
        catalogue.put("wells", manifest("four"));

        // When
        CompletableFuture<LoadedModel> waiting = models.forRequest("wells");
        loads.remove().run();

        // Then
        assertThat(waiting.join().manifest().getSha256()).isEqualTo("two");
        assertThat(serving("wells")).isEqualTo("two");
        assertThat(read).containsExactly("four", "three", "two");
        assertThat(models.unreadable())
                .singleElement()
                .hasToString("the latest checkpoint of wells, four, cannot be read: serving two of step 1");

        // And the next one is loaded as soon as it is committed
        catalogue.put("wells", manifest("five"));
        models.changed("wells");
        loads.remove().run();
        assertThat(serving("wells")).isEqualTo("five");
        assertThat(models.unreadable()).isEmpty();
    }

    @Test
    void aLoadedModelIsPreferredToTheHistory() {
        // Given
        serve("wells", "one");
        damaged.add("three");
        history.add("two");

        // When
        catalogue.put("wells", manifest("three"));
        models.changed("wells");
        loads.remove().run();

        // Then
        assertThat(serving("wells")).isEqualTo("one");
        assertThat(models.unreadable())
                .singleElement()
                .hasToString("the latest checkpoint of wells, three, cannot be read: serving one of step 1");
    }

    @Test
    void reportsThatNoCheckpointCanBeServed() {
        // Given
        damaged.addAll(List.of("one", "two"));
        history.add("one");
        catalogue.put("wells", manifest("two"));

        // When
        CompletableFuture<LoadedModel> waiting = models.forRequest("wells");
        loads.remove().run();

        // Then
        assertThatThrownBy(waiting::join).hasMessageContaining("chunk 3 is gone");
        assertThat(models.unreadable())
                .singleElement()
                .hasToString("the latest checkpoint of wells, two, cannot be read: no checkpoint can be served");
    }

    @Test
    void anAbandonedCheckpointIsNeverServedAgain() {
        // Given a model that is served
        catalogue.put("wells", numbered("three", 3));
        CompletableFuture<LoadedModel> asked = models.forRequest("wells");
        loads.remove().run();
        assertThat(asked).isCompleted();

        // When a rollback abandons it, to a checkpoint that is damaged
        damaged.add("two");
        history.add("one");
        catalogue.put("wells", rollback(numbered("two", 2), numbered("three", 3)));
        models.changed("wells");
        loads.remove().run();

        // Then an ancestor of the target is served
        assertThat(serving("wells")).isEqualTo("one");

        // And without one, nothing is served
        history.clear();
        catalogue.put("poems", numbered("six", 6));
        CompletableFuture<LoadedModel> poems = models.forRequest("poems");
        loads.remove().run();
        assertThat(poems).isCompleted();
        damaged.add("five");
        catalogue.put("poems", rollback(numbered("five", 5), numbered("six", 6)));
        models.changed("poems");
        loads.remove().run();
        assertThatThrownBy(() -> models.forRequest("poems").join()).hasMessageContaining("chunk 3 is gone");
    }

    @Test
    void theLeastRecentlyRequestedModelIsEvictedAndLoadedAgainOnRequest() {
        // Given as many models as fit into memory, of which the first was requested again
        serve("a", "a1");
        serve("b", "b1");
        serve("c", "c1");
        LoadedModel held = models.forRequest("b").join();
        assertThat(serving("a")).isEqualTo("a1");
        assertThat(serving("c")).isEqualTo("c1");

        // When another is requested
        serve("d", "d1");

        // Then the least recently requested one is evicted; a request that started with it keeps it
        assertThat(models.loaded()).containsOnlyKeys("a", "c", "d");
        assertThat(models.bytes()).isEqualTo(3 * held.decoder().bytes());
        assertThat(models.evictions()).isEqualTo(1);
        assertThat(held.decoder().shape()).isNotNull();

        // And is not loaded again for a newer checkpoint
        catalogue.put("b", manifest("b2"));
        models.changed("b");
        assertThat(loads).isEmpty();

        // But on request: the latest
        CompletableFuture<LoadedModel> again = models.forRequest("b");
        loads.remove().run();
        assertThat(again.join().manifest().getSha256()).isEqualTo("b2");
        assertThat(models.loaded()).containsOnlyKeys("b", "c", "d");
    }

    @Test
    void aNewerCheckpointReplacesThePreviousInMemory() {
        // Given
        serve("a", "a1");
        serve("b", "b1");
        serve("c", "c1");

        // When
        catalogue.put("a", manifest("a2"));
        models.changed("a");
        loads.remove().run();

        // Then
        assertThat(models.loaded()).containsOnlyKeys("a", "b", "c");
        assertThat(models.evictions()).isZero();
    }

    @Test
    void anEvictedFallbackIsLoadedAgain() {
        // Given a corpus whose newest checkpoint is damaged
        damaged.add("a2");
        history.add("a1");
        serve("a", "a2");
        assertThat(serving("a")).isEqualTo("a1");

        // When it is evicted
        serve("b", "b1");
        serve("c", "c1");
        serve("d", "d1");
        assertThat(models.loaded()).doesNotContainKey("a");

        // Then
        CompletableFuture<LoadedModel> again = models.forRequest("a");
        loads.remove().run();
        assertThat(again.join().manifest().getSha256()).isEqualTo("a1");
    }

    @Test
    void aModelLargerThanTheLimitIsServedAlone() {
        // Given
        Models small = new Models(
                catalogue,
                new ModelLoader(
                        (corpus, manifest) -> new byte[0],
                        (corpus, unreadable) -> List.of(),
                        bytes -> Decoders.random(1)),
                loads::add,
                (all, model) -> {},
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                1);
        for (String corpus : List.of("a", "b")) {
            catalogue.put(corpus, manifest(corpus + "1"));

            // When
            CompletableFuture<LoadedModel> asked = small.forRequest(corpus);
            loads.remove().run();

            // Then
            assertThat(asked).isCompleted();
            assertThat(small.loaded()).containsOnlyKeys(corpus);
        }
    }

    @Test
    void requestsForMissingModelsFailAtOnce() {
        // Given
        catalogue.described("poems", true);

        // When / Then
        assertThatThrownBy(() -> models.forRequest("nobody").join())
                .hasMessageContaining("no corpus 'nobody'; no corpus has a checkpoint yet");
        catalogue.put("wells", manifest("one"));
        assertThatThrownBy(() -> models.forRequest("nobody").join()).hasMessageContaining("there are models of wells");
        assertThatThrownBy(() -> models.forRequest("poems").join())
                .hasMessageContaining("'poems' has no checkpoint yet");
    }

    @Test
    void aRemovedModelIsNotServed() {
        // Given
        serve("wells", "one");

        // When
        catalogue.remove("wells");
        models.changed("wells");

        // Then
        assertThat(models.loaded()).isEmpty();
        assertThat(models.forRequest("wells")).isCompletedExceptionally();

        // And is served again with the next checkpoint
        serve("wells", "two");
        assertThat(serving("wells")).isEqualTo("two");
    }

    private void serve(String corpus, String sha256) {
        catalogue.put(corpus, manifest(sha256));
        CompletableFuture<LoadedModel> asked = models.forRequest(corpus);
        loads.remove().run();
        assertThat(asked).isCompleted();
    }

    private String serving(String corpus) {
        return models.forRequest(corpus).join().manifest().getSha256();
    }

    private static CheckpointManifest rollback(CheckpointManifest target, CheckpointManifest current) {
        return manifest(
                target.getSha256(),
                current.getNumber() + 1,
                current.getSha256(),
                Branch.abandonedByRollback(target, current));
    }

    private static CheckpointManifest numbered(String sha256, long number) {
        return manifest(sha256, number, null, List.of());
    }

    private static CheckpointManifest manifest(String sha256) {
        return numbered(sha256, 0);
    }

    private static CheckpointManifest manifest(
            String sha256, long number, String rolledBackFrom, List<Long> abandoned) {
        return new CheckpointManifest(
                sha256,
                "",
                number,
                null,
                rolledBackFrom,
                null,
                abandoned,
                1L,
                0,
                0,
                List.of(0L),
                1L,
                1,
                null,
                null,
                1L,
                false,
                5,
                new CorpusSpec(TokenizerKind.CHARACTERS, NormalizerKind.LETTERS, false, List.of(), null),
                "pytorch",
                "cpu",
                1,
                new SourceRange(0L, 1L, 0, 0L, 0L, 0, 0L, 0L),
                null,
                null,
                Instant.EPOCH);
    }
}
