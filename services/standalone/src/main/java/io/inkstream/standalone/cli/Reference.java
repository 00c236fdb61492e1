package io.inkstream.standalone.cli;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The configuration reference, made from the options themselves. */
final class Reference {

    private record Row(String option, String variable, String defaultValue, String description) {}

    private Reference() {}

    /** A Markdown table of all options of all commands; options that mean the same share a row. */
    static String markdown(CommandSpec root) {
        Map<Row, Set<String>> rows = new LinkedHashMap<>();
        for (CommandLine subcommand : root.subcommands().values()) {
            CommandSpec command = subcommand.getCommandSpec();
            if (!command.usageMessage().hidden()) {
                command.options().stream()
                        .filter(option -> !EnvironmentDefaults.isHelp(option))
                        .forEach(option -> rows.computeIfAbsent(row(option), row -> new LinkedHashSet<>())
                                .add(command.name()));
            }
        }
        int commands = (int) root.subcommands().values().stream()
                .filter(subcommand ->
                        !subcommand.getCommandSpec().usageMessage().hidden())
                .count();
        StringBuilder table = new StringBuilder("""
                | Option | Variable | Default | What it does | Commands |
                |---|---|---|---|---|
                """);
        rows.forEach((row, names) -> table.append("| %s | %s | %s | %s | %s |%n"
                .formatted(
                        row.option(),
                        row.variable(),
                        row.defaultValue(),
                        row.description(),
                        names.size() == commands ? "all" : String.join(", ", names))
                .replace(System.lineSeparator(), "\n")));
        return table.toString();
    }

    private static Row row(OptionSpec option) {
        String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        String standard = option.defaultValue();
        return new Row(
                "`%s%s`".formatted(option.longestName(), escaped(label)),
                "`%s`".formatted(EnvironmentDefaults.variable(option)),
                standard == null ? "" : "`%s`".formatted(standard),
                escaped(description(option)));
    }

    /** A plain default has a column of its own. */
    private static String description(OptionSpec option) {
        String description = String.join(" ", option.description());
        String repeated = " Default: %s.".formatted(option.defaultValue());
        return description.endsWith(repeated)
                ? description.substring(0, description.length() - repeated.length())
                : description;
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<unk>", "`<unk>`");
    }
}
