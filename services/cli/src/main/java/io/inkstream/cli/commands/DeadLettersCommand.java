package io.inkstream.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.Table;
import io.inkstream.client.InkstreamClient;
import io.inkstream.client.deadletters.DeadLetterReplay;
import io.inkstream.client.deadletters.ListedDeadLetter;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.platform.InkstreamException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists dead letters, and replays chosen ones. */
@Command(
        name = "dead-letters",
        description = {
            "List the records that services have rejected and why, the newest last; or replay them with --replay, once the cause is fixed.",
            "--corpus, --topic and --last choose what is listed, or what 'all' means. A dead letter stays when it is replayed."
        })
public final class DeadLettersCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final String ALL = "all";

    @Spec
    private CommandSpec command;

    @Option(
            names = "--corpus",
            paramLabel = "NAME",
            description = "Only with this key or, where a record has no key, this header inkstream.corpus.")
    private @Nullable String corpus;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description =
                    "Only from this topic, with or without its prefix: text, corpora, tokens, models or prefixes.")
    private @Nullable String topic;

    @Option(names = "--last", paramLabel = "N", description = "Only the newest N.")
    private @Nullable Integer last;

    @Option(
            names = "--replay",
            paramLabel = "ID[,ID…]|all",
            split = ",",
            description = "Produce these records to their original topics again, in one transaction.")
    private @Nullable List<String> replay;

    @Mixin
    private JsonOption json;

    @Mixin
    private ClientOptions clientOptions;

    @Override
    public Integer call() {
        new OptionChecks(command).atLeast("--last", 1, last);
        List<ListedDeadLetter.Id> ids = ids();
        InkstreamClient client = clientOptions.client();
        String from = topic == null ? null : fullName(client.topics(), topic);
        List<ListedDeadLetter> deadLetters = client.deadLetters().all();
        if (replay == null) {
            list(chosen(deadLetters, from));
        } else {
            DeadLetterReplay back = new DeadLetterReplay(client.connection(), client.topics());
            replay(back, ids.isEmpty() ? replayable(back, chosen(deadLetters, from)) : named(back, deadLetters, ids));
        }
        return 0;
    }

    /** Oldest first; the last row is the newest. */
    static Table table(List<ListedDeadLetter> deadLetters, ZoneId zone) {
        Table table = new Table("ID", "TIME", "TOPIC", "PARTITION", "OFFSET", "KEY", "REASON");
        for (ListedDeadLetter deadLetter : deadLetters) {
            table.row(
                    deadLetter.id().toString(),
                    TIME.format(deadLetter.at().atZone(zone)),
                    deadLetter.topic().isEmpty() ? "-" : deadLetter.topic(),
                    deadLetter.partition() < 0 ? "-" : Integer.toString(deadLetter.partition()),
                    deadLetter.offset() < 0 ? "-" : Long.toString(deadLetter.offset()),
                    deadLetter.key().map(DeadLettersCommand::printable).orElse("-"),
                    printable(deadLetter.reason()));
        }
        return table;
    }

    private List<ListedDeadLetter.Id> ids() {
        if (replay == null || replay.equals(List.of(ALL))) {
            return List.of();
        }
        LinkedHashSet<ListedDeadLetter.Id> ids = new LinkedHashSet<>();
        for (String id : replay) {
            try {
                ids.add(ListedDeadLetter.Id.parse(id));
            } catch (IllegalArgumentException e) {
                new OptionChecks(command)
                        .require(false, "--replay: %s, as 'inkstream dead-letters' lists it, or 'all'", e.getMessage());
            }
        }
        return List.copyOf(ids);
    }

    private List<ListedDeadLetter> chosen(List<ListedDeadLetter> deadLetters, @Nullable String from) {
        List<ListedDeadLetter> chosen = deadLetters.stream()
                .filter(deadLetter -> corpus == null
                        || deadLetter.corpus().filter(corpus::equals).isPresent())
                .filter(deadLetter -> from == null || from.equals(deadLetter.topic()))
                .toList();
        return last == null || last >= chosen.size() ? chosen : chosen.subList(chosen.size() - last, chosen.size());
    }

    private List<ListedDeadLetter> named(
            DeadLetterReplay back, List<ListedDeadLetter> deadLetters, List<ListedDeadLetter.Id> ids) {
        Map<ListedDeadLetter.Id, ListedDeadLetter> byId =
                deadLetters.stream().collect(Collectors.toMap(ListedDeadLetter::id, Function.identity()));
        List<ListedDeadLetter> named = new ArrayList<>();
        for (ListedDeadLetter.Id id : ids) {
            ListedDeadLetter deadLetter = byId.get(id);
            if (deadLetter == null) {
                throw new InkstreamException(
                        "There is no dead letter %s: 'inkstream dead-letters' lists them.".formatted(id));
            }
            back.obstacle(deadLetter).ifPresent(obstacle -> {
                throw new InkstreamException(obstacle);
            });
            named.add(deadLetter);
        }
        return named;
    }

    /** Those that can be replayed; the others are named on stderr. */
    private List<ListedDeadLetter> replayable(DeadLetterReplay back, List<ListedDeadLetter> deadLetters) {
        List<ListedDeadLetter> replayable = new ArrayList<>();
        for (ListedDeadLetter deadLetter : deadLetters) {
            Optional<String> obstacle = back.obstacle(deadLetter);
            if (obstacle.isEmpty()) {
                replayable.add(deadLetter);
            } else {
                Screen.of(command).err().println("Skipped: " + obstacle.get());
            }
        }
        return replayable;
    }

    private void list(List<ListedDeadLetter> deadLetters) {
        Screen screen = Screen.of(command);
        if (json.json()) {
            ArrayNode array = JsonOutput.array();
            deadLetters.forEach(deadLetter -> array.add(json(deadLetter)));
            screen.out().println(JsonOutput.pretty(array));
        } else if (deadLetters.isEmpty()) {
            screen.out().println("There are no dead letters.");
        } else {
            table(deadLetters, ZoneId.systemDefault()).lines().forEach(screen.out()::println);
        }
    }

    private void replay(DeadLetterReplay back, List<ListedDeadLetter> deadLetters) {
        List<DeadLetterReplay.Replayed> replayed = back.of(deadLetters);
        Screen screen = Screen.of(command);
        if (json.json()) {
            ArrayNode array = JsonOutput.array();
            replayed.forEach(one -> array.addObject()
                    .put("id", one.id().toString())
                    .put("topic", one.topic())
                    .put("partition", one.partition())
                    .put("offset", one.offset()));
            screen.out().println(JsonOutput.pretty(array));
        } else if (replayed.isEmpty()) {
            screen.out().println("There are no dead letters to replay.");
        } else {
            replayed.forEach(one -> screen.out()
                    .println("%s is at offset %d of partition %d of %s."
                            .formatted(one.id(), one.offset(), one.partition(), one.topic())));
        }
    }

    private static ObjectNode json(ListedDeadLetter deadLetter) {
        ObjectNode object = JsonOutput.object();
        object.put("id", deadLetter.id().toString());
        object.put("at", deadLetter.at().toString());
        object.put("topic", deadLetter.topic());
        object.put("partition", deadLetter.partition());
        object.put("offset", deadLetter.offset());
        object.put("key", deadLetter.key().orElse(null));
        object.put("bytes", deadLetter.bytes());
        object.put("reason", deadLetter.reason());
        return object;
    }

    private static String fullName(TopicNames topics, String name) {
        return Arrays.stream(Topic.values())
                .filter(candidate -> name.equals(candidate.suffix()) || name.equals(topics.of(candidate)))
                .findFirst()
                .map(topics::of)
                .orElseThrow(() -> new InkstreamException(
                        "Topic '%s' is not one of those with the prefix %s: use text, corpora, tokens, models or prefixes, or name another prefix with --topic-prefix."
                                .formatted(name, topics.prefix())));
    }

    /** Anybody may choose keys: control characters, which could move the cursor, are shown as dots. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "·");
    }
}
