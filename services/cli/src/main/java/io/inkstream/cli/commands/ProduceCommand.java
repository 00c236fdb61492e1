package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.CorpusOption;
import io.inkstream.cli.options.FixedReading;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.options.ReadingOptions;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.client.InkstreamClient;
import io.inkstream.client.TextProducer;
import io.inkstream.client.TextReceipt;
import io.inkstream.client.text.TextSource;
import io.inkstream.client.text.TextStream;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.launcher.options.PartitionsOption;
import io.inkstream.platform.InkstreamException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends text into the pipeline. */
@Command(
        name = "produce",
        description = {
            "Add text to a corpus.",
            "The text is sent in records of whole lines, of at most 16 KB; a longer line becomes a record of its own, and one of more "
                    + "than 1,000,000 bytes is rejected. A file is checked before any of it is sent; lines from standard input are sent "
                    + "as they arrive. The first text fixes how a corpus is read: tokenizer, normalizer, NFC and reserved tokens."
        })
public final class ProduceCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";

    @Spec
    private CommandSpec command;

    @Mixin
    private CorpusOption corpus;

    @Parameters(paramLabel = "FILE|-", description = "A UTF-8 text file; -: standard input.")
    private String file;

    @Mixin
    private ReadingOptions reading;

    @Mixin
    private JsonOption json;

    @Mixin
    private ClientOptions clientOptions;

    @Mixin
    private PartitionsOption partitions;

    @Override
    public Integer call() throws InterruptedException {
        String name = corpus.corpus();
        reading.check();
        boolean streamed = file.equals(STANDARD_INPUT);
        TextSource source = streamed ? null : TextSource.file(Path.of(file));
        if (source != null) {
            source.check();
        }
        int partitionCount = partitions.partitions();
        InkstreamClient client = clientOptions.client();
        TopicProvisioner.ensure(
                client.connection(),
                client.topics(),
                partitionCount,
                EnumSet.of(Topic.TEXT, Topic.CORPORA, Topic.TOKENS));
        Optional<Reading> fixed = new FixedReading(client).fix(name, reading);
        print(send(client, name, source), name);
        fixed.filter(as -> !json.json())
                .flatMap(ReadingOptions::remark)
                .ifPresent(Screen.of(command).out()::println);
        return 0;
    }

    private TextReceipt send(InkstreamClient client, String name, @Nullable TextSource source)
            throws InterruptedException {
        try (TextProducer producer = client.text(name)) {
            if (source == null) {
                stream(producer);
            } else {
                source.records(producer::send);
            }
            return producer.flush();
        }
    }

    private static void stream(TextProducer producer) throws InterruptedException {
        try {
            new TextStream("standard input", System.in).records(producer::send);
        } catch (InkstreamException e) {
            long before = producer.flush().records();
            String sent = before == 0
                    ? "nothing was sent"
                    : "%s before it %s sent"
                            .formatted(Formatting.count(before, "record"), before == 1 ? "was" : "were");
            throw new InkstreamException(String.valueOf(e.getMessage()).replaceFirst("\\.$", "; " + sent + "."), e);
        }
    }

    private void print(TextReceipt receipt, String name) {
        Screen screen = Screen.of(command);
        if (json.json()) {
            ObjectNode result = JsonOutput.object();
            result.put("corpus", name);
            result.put("records", receipt.records());
            result.put("characters", receipt.characters());
            result.put("bytes", receipt.bytes());
            result.put("topic", receipt.topic());
            if (receipt.records() > 0) {
                result.put("partition", receipt.partition());
                result.put("firstOffset", receipt.firstOffset());
                result.put("lastOffset", receipt.lastOffset());
            }
            screen.out().println(JsonOutput.pretty(result));
        } else if (receipt.records() == 0) {
            screen.out().println("Nothing was sent: standard input was empty.");
        } else {
            screen.out()
                    .println("Sent %s in %s to corpus '%s': partition %d of %s, %s."
                            .formatted(
                                    Formatting.count(receipt.characters(), "character"),
                                    Formatting.count(receipt.records(), "record"),
                                    name,
                                    receipt.partition(),
                                    receipt.topic(),
                                    Formatting.offsets(receipt.firstOffset(), receipt.lastOffset())));
        }
    }
}
