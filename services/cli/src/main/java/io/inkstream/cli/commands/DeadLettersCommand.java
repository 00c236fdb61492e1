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
import io.inkstream.launcher.commandline.Values;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists dead letters, and puts chosen ones back. */
@Command(
        name = "dead-letters",
        description = {
            "List what a service could not take and why, the newest last; or put it back with --replay, once the reason is gone.",
            "--corpus, --topic and --last choose what is listed, or what 'all' means. A dead letter stays when it is put back."
        })
public final class DeadLettersCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final String ALL = "all";

    @Spec
    private CommandSpec command;

    @Option(names = "--corpus", paramLabel = "NAME", description = "Only with this key.")
    private String corpus;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description =
                    "Only from this topic, with or without its prefix: text, corpora, tokens, models or prefixes.")
    private String topic;

    @Option(names = "--last", paramLabel = "N", description = "Only the newest N.")
    private Integer last;

    @Option(
            names = "--replay",
            paramLabel = "ID[,ID…]|all",
            split = ",",
            description = "Put these back on the topics that they came from, in one transaction.")
    private List<String> replay;

    @Mixin
    private JsonOption json;

    @Mixin
    private ClientOptions clientOptions;

    @Override
    public Integer call() {
        new Values(command).atLeast("--last", 1, last);
        List<ListedDeadLetter.Id> ids = ids();
        InkstreamClient client = clientOptions.client();
        String from = topic == null ? null : fullName(client.topics(), topic);
        List<ListedDeadLetter> letters = client.deadLetters().all();
        if (replay == null) {
            list(chosen(letters, from));
        } else {
            DeadLetterReplay back = new DeadLetterReplay(client.connection(), client.topics());
            replay(back, ids.isEmpty() ? replayable(back, chosen(letters, from)) : named(back, letters, ids));
        }
        return 0;
    }

    /** Oldest first; the last row is the newest. */
    static Table table(List<ListedDeadLetter> letters, ZoneId zone) {
        Table table = new Table("ID", "TIME", "TOPIC", "PARTITION", "OFFSET", "KEY", "REASON");
        for (ListedDeadLetter letter : letters) {
            table.row(
                    letter.id().toString(),
                    TIME.format(letter.at().atZone(zone)),
                    letter.topic().isEmpty() ? "-" : letter.topic(),
                    letter.partition() < 0 ? "-" : Integer.toString(letter.partition()),
                    letter.offset() < 0 ? "-" : Long.toString(letter.offset()),
                    letter.key() == null ? "-" : printable(letter.key()),
                    printable(letter.reason()));
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
                new Values(command)
                        .require(false, "--replay: %s, as 'inkstream dead-letters' lists it, or 'all'", e.getMessage());
            }
        }
        return List.copyOf(ids);
    }

    private List<ListedDeadLetter> chosen(List<ListedDeadLetter> letters, String from) {
        List<ListedDeadLetter> chosen = letters.stream()
                .filter(letter -> corpus == null || corpus.equals(letter.key()))
                .filter(letter -> from == null || from.equals(letter.topic()))
                .toList();
        return last == null || last >= chosen.size() ? chosen : chosen.subList(chosen.size() - last, chosen.size());
    }

    private List<ListedDeadLetter> named(
            DeadLetterReplay back, List<ListedDeadLetter> letters, List<ListedDeadLetter.Id> ids) {
        Map<ListedDeadLetter.Id, ListedDeadLetter> byId =
                letters.stream().collect(Collectors.toMap(ListedDeadLetter::id, Function.identity()));
        List<ListedDeadLetter> named = new ArrayList<>();
        for (ListedDeadLetter.Id id : ids) {
            ListedDeadLetter letter = byId.get(id);
            if (letter == null) {
                throw new InkstreamException(
                        "There is no dead letter %s: 'inkstream dead-letters' lists what there is.".formatted(id));
            }
            back.obstacle(letter).ifPresent(obstacle -> {
                throw new InkstreamException(obstacle);
            });
            named.add(letter);
        }
        return named;
    }

    /** Of all that are meant, those that can be put back; the others are named. */
    private List<ListedDeadLetter> replayable(DeadLetterReplay back, List<ListedDeadLetter> letters) {
        List<ListedDeadLetter> replayable = new ArrayList<>();
        for (ListedDeadLetter letter : letters) {
            Optional<String> obstacle = back.obstacle(letter);
            if (obstacle.isEmpty()) {
                replayable.add(letter);
            } else {
                Screen.of(command).err().println("Left out: " + obstacle.get());
            }
        }
        return replayable;
    }

    private void list(List<ListedDeadLetter> letters) {
        Screen screen = Screen.of(command);
        if (json.json()) {
            ArrayNode array = JsonOutput.array();
            letters.forEach(letter -> array.add(json(letter)));
            screen.out().println(JsonOutput.pretty(array));
        } else if (letters.isEmpty()) {
            screen.out().println("There are none.");
        } else {
            table(letters, ZoneId.systemDefault()).lines().forEach(screen.out()::println);
        }
    }

    private void replay(DeadLetterReplay back, List<ListedDeadLetter> letters) {
        List<DeadLetterReplay.Replayed> replayed = back.of(letters);
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
            screen.out().println("There are none to put back.");
        } else {
            replayed.forEach(one -> screen.out()
                    .println("%s is at offset %d of partition %d of %s."
                            .formatted(one.id(), one.offset(), one.partition(), one.topic())));
        }
    }

    private static ObjectNode json(ListedDeadLetter letter) {
        ObjectNode object = JsonOutput.object();
        object.put("id", letter.id().toString());
        object.put("at", letter.at().toString());
        object.put("topic", letter.topic());
        object.put("partition", letter.partition());
        object.put("offset", letter.offset());
        object.put("key", letter.key());
        object.put("bytes", letter.bytes());
        object.put("reason", letter.reason());
        return object;
    }

    private static String fullName(TopicNames topics, String name) {
        return Arrays.stream(Topic.values())
                .filter(candidate -> name.equals(candidate.suffix()) || name.equals(topics.of(candidate)))
                .findFirst()
                .map(topics::of)
                .orElseThrow(() -> new InkstreamException(
                        "Topic '%s' is none of those under the prefix %s: take text, corpora, tokens, models or prefixes, or name another prefix with --topic-prefix."
                                .formatted(name, topics.prefix())));
    }

    /** Keys come from anywhere: what would move the cursor is shown as a dot. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "·");
    }
}
