package io.inkstream.client;

import io.inkstream.schemas.Completion;
import io.inkstream.schemas.TrainingSpec;
import java.nio.file.Path;
import java.time.Duration;

/** The example in this module's README.md: the lines between the comments are the same in both. */
public final class ReadmeExample {

    private ReadmeExample() {}

    /** Needs a pipeline on the usual ports, and a text: {@code java … ReadmeExample tales.txt}. */
    public static void main(String[] arguments) {
        Path book = Path.of(arguments[0]);
        // begin
        InkstreamClient inkstream = InkstreamClient.connect("localhost:9092", "http://localhost:8081");
        TrainingSpec training = TrainingSpec.newBuilder().setEpochs(20).build();
        try (TextProducer text = inkstream.text("tales");
                ProgressFeed progress = inkstream.progress();
                CompletionClient completions = inkstream.completions()) {
            text.sendFile(book);
            inkstream.awaitIngest(text.flush(), Duration.ofSeconds(60));
            inkstream.specs().train("tales", training);
            progress.follow("tales", view -> System.out.printf("%.0f %%%n", 100 * view.fraction()));
            Completion completion = completions.complete("tales", "once", Duration.ofSeconds(30));
            System.out.println(completion.getText());
        }
        // end
    }
}
