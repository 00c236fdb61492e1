package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.schemas.CheckpointManifest;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stack that is stopped in the middle of training resumes with the same weights. */
@Tag("full")
class ResumeAfterStopTest {

    private static final String[] TRAIN = {
        "train", "--corpus", "story", "--cell", "gru", "--hidden", "64", "--max-tokens", "10000", "--epochs", "150"
    };

    @TempDir
    Path folder;

    @Test
    void endsWithTheWeightsOfAnUninterruptedRun() {
        // Given an uninterrupted run
        String story = Stack.story(folder).toString();
        CheckpointManifest alone;
        try (Stack stack = Stack.up(folder, "alone")) {
            stack.run("produce", "--corpus", "story", story);
            stack.run(TRAIN);
            alone = stack.awaitFinished("story");
        }

        // When the same run is stopped by SIGTERM, twice
        try (Stack first = Stack.up(folder, "stopped", "--checkpoint-interval", "1")) {
            first.run("produce", "--corpus", "story", story);
            first.run(TRAIN);
            first.awaitEpoch("story", 1);
            assertThat(first.terminate()).isEqualTo(143);
        }
        try (Stack second = Stack.up(folder, "stopped", "--checkpoint-interval", "1")) {
            CheckpointManifest stop = second.newestCheckpoint("story").orElseThrow();
            assertThat(stop.getFinished()).isFalse();
            second.awaitEpoch("story", stop.getEpoch() + 1);
            assertThat(second.newestCheckpoint("story").orElseThrow().getFinished())
                    .isFalse();
            assertThat(second.terminate()).isEqualTo(143);
        }
        try (Stack third = Stack.up(folder, "stopped")) {
            CheckpointManifest stopped = third.awaitFinished("story");

            // Then
            assertThat(stopped.getEpoch()).isEqualTo(150);
            assertThat(stopped.getWeightsSha256()).isEqualTo(alone.getWeightsSha256());
            assertThat(stopped.getPerplexity()).isEqualTo(alone.getPerplexity());
        }
    }
}
