package io.inkstream.systemtests.observability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of Prometheus and Grafana in {@code services/deploy/observability}, and the expressions in them. */
final class MonitoringFiles {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path FOLDER =
            Path.of("..", "deploy", "observability").toAbsolutePath().normalize();

    /** An expression, compared with a number. */
    private static final Pattern COMPARISON =
            Pattern.compile("(?<expression>.+\\S)\\s*(?:[<>]=?|[!=]=)\\s*[0-9.]+", Pattern.DOTALL);

    private static final Pattern AND = Pattern.compile("\\s+and\\s+");
    private static final Pattern ABSENT = Pattern.compile("absent\\((?<expression>.+)\\)", Pattern.DOTALL);
    private static final Pattern VARIABLE = Pattern.compile("label_values\\((?<series>.+), *(?<label>\\w+)\\)");

    private MonitoringFiles() {}

    /** The configuration of Prometheus. */
    static Path prometheusConfig() {
        return FOLDER.resolve("prometheus/prometheus.yml");
    }

    /** The alert rules. */
    static Path rules() {
        return FOLDER.resolve("prometheus/rules.yml");
    }

    /** Every expression of every panel, with its variables replaced as Grafana would, and the series of its variables. */
    static Set<String> dashboardExpressions() {
        Set<String> expressions = new LinkedHashSet<>();
        for (Path file : dashboards()) {
            JsonNode dashboard = read(JSON, file);
            dashboard.findValuesAsText("expr").stream()
                    .map(expression ->
                            expression.replace("$__rate_interval", "1m").replace("$corpus", ".*"))
                    .forEach(expressions::add);
            for (JsonNode variable : dashboard.at("/templating/list")) {
                Matcher query = VARIABLE.matcher(variable.at("/query/query").asText());
                if (!query.matches()) {
                    throw new AssertionError("A variable of another kind: " + variable);
                }
                expressions.add("%s{%s!=\"\"}".formatted(query.group("series"), query.group("label")));
            }
        }
        return expressions;
    }

    /** Every expression that an alert compares with a number, or finds absent. */
    static Set<String> alertExpressions() {
        Set<String> expressions = new LinkedHashSet<>();
        for (JsonNode rule : read(YAML, rules()).findValues("expr")) {
            for (String condition : AND.split(rule.asText(), -1)) {
                Matcher absent = ABSENT.matcher(condition);
                Matcher comparison = COMPARISON.matcher(condition);
                if (absent.matches()) {
                    expressions.add(absent.group("expression"));
                } else if (comparison.matches()) {
                    expressions.add(comparison.group("expression"));
                } else {
                    throw new AssertionError("Not a comparison with a number: " + condition);
                }
            }
        }
        return expressions;
    }

    /** The names of the alerts. */
    static Set<String> alerts() {
        return new LinkedHashSet<>(read(YAML, rules()).findValuesAsText("alert"));
    }

    /**
     * Writes configuration and rules for one machine: the same jobs with fixed targets instead of names to look up, every
     * second, and rules that do not wait before they fire.
     *
     * @param targets the address of each job's instance
     */
    static Path writeLocal(Path folder, Map<String, String> targets) throws IOException {
        ObjectNode config = (ObjectNode) read(YAML, prometheusConfig());
        ObjectNode global = (ObjectNode) config.get("global");
        global.put("scrape_interval", "1s").put("evaluation_interval", "1s");
        for (JsonNode job : config.get("scrape_configs")) {
            ObjectNode scrape = (ObjectNode) job;
            if (scrape.remove("dns_sd_configs") == null) {
                throw new AssertionError("The job %s finds its instances otherwise".formatted(scrape.get("job_name")));
            }
            String target = targets.get(scrape.get("job_name").asText());
            scrape.putArray("static_configs").addObject().putArray("targets").add(target);
        }
        config.putArray("rule_files").add("rules.yml");
        ObjectNode rules = (ObjectNode) read(YAML, rules());
        rules.findParents("for").forEach(rule -> ((ObjectNode) rule).put("for", "1s"));
        YAML.writeValue(folder.resolve("rules.yml").toFile(), rules);
        Path written = folder.resolve("prometheus.yml");
        YAML.writeValue(written.toFile(), config);
        return written;
    }

    /** Writes configuration and rules as they are, but that names are looked up and instances scraped every second. */
    static void writeHasty(Path folder) throws IOException {
        String config =
                Files.readString(prometheusConfig()).replaceAll("(?<setting>\\w+_interval: )\\d+s", "${setting}1s");
        Files.writeString(folder.resolve("prometheus.yml"), config);
        Files.copy(rules(), folder.resolve("rules.yml"));
    }

    private static List<Path> dashboards() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("grafana/dashboards"))) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
