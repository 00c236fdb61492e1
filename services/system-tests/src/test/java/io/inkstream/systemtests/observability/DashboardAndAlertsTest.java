package io.inkstream.systemtests.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.launcher.services.Services;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.systemtests.processes.ProcessFleet;
import io.inkstream.systemtests.workload.BadRecord;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.GeneratedText;
import io.inkstream.systemtests.workload.TrainingCase;
import io.inkstream.systemtests.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboard and the alert rules, read from their files and evaluated by a Prometheus that scrapes a pipeline at work.
 * What the test finds wrong is an expression without data: a metric that was renamed, for instance.
 */
@Tag("external")
class DashboardAndAlertsTest {

    private static final TopicNames TOPICS = new TopicNames("observed");
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private Path prometheus;
    private Path promtool;

    @BeforeEach
    void findPrograms() {
        Optional<Path> foundServer = PrometheusProcess.find("prometheus");
        Optional<Path> foundTool = PrometheusProcess.find("promtool");
        assumeTrue(
                foundServer.isPresent() && foundTool.isPresent(),
                "Prometheus is not installed: apt-get install " + PrometheusProcess.PACKAGE);
        prometheus = foundServer.orElseThrow();
        promtool = foundTool.orElseThrow();
    }

    @Test
    void promtoolAcceptsConfigurationAndRules() throws Exception {
        assertThat(PrometheusProcess.check(
                        promtool, "config", MonitoringFiles.prometheusConfig().toString()))
                .isEmpty();
        assertThat(PrometheusProcess.check(
                        promtool, "rules", MonitoringFiles.rules().toString()))
                .isEmpty();
    }

    @Test
    void everyExpressionYieldsDataAndAlertsFire() throws Exception {
        try (ProcessFleet fleet =
                new ProcessFleet(folder, Services.NAMES, Map.of("INKSTREAM_TOPIC_PREFIX", TOPICS.prefix()))) {
            // Given a pipeline at work
            fleet.startBroker(TOPICS);
            Services.NAMES.forEach(fleet::start);
            fleet.awaitReady();
            Map<String, String> targets = new LinkedHashMap<>();
            Services.NAMES.forEach(service -> targets.put(service, "127.0.0.1:" + fleet.metricsPort(service)));
            Path configuration = MonitoringFiles.writeLocal(folder, targets);
            try (Workload workload = new Workload(fleet.connection(), TOPICS);
                    PrometheusProcess process = PrometheusProcess.start(prometheus, configuration, folder)) {
                PrometheusApi running = process.awaitReady();
                Work work = new Work(workload);

                // When
                Set<String> expressions = new LinkedHashSet<>(MonitoringFiles.dashboardExpressions());
                expressions.addAll(MonitoringFiles.alertExpressions());
                Set<String> withoutData = new LinkedHashSet<>(expressions);

                // Then
                assertThat(expressions).hasSizeGreaterThan(50);
                await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
                    work.some();
                    withoutData.removeIf(
                            expression -> !running.query(expression).isEmpty());
                    assertThat(withoutData).as("expressions without data").isEmpty();
                });
                assertThat(MonitoringFiles.alerts())
                        .contains("InkstreamDeadLetters", "InkstreamTrainingFailed", "InkstreamServiceMissing");
                assertThat(running.firing()).doesNotContain("InkstreamServiceMissing", "InkstreamTrainingFailed");

                // And alerts fire: for records that are rejected, a training that fails, and a service that is gone
                await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).until(() -> {
                    work.some();
                    return running.firing().contains("InkstreamDeadLetters");
                });
                work.requestTheImpossible();
                await().atMost(TIMEOUT).until(() -> running.firing().contains("InkstreamTrainingFailed"));
                fleet.kill("generator");
                await().atMost(TIMEOUT).until(() -> running.firing().contains("InkstreamServiceMissing"));
            }
        }
    }

    /** What keeps every metric busy. */
    private static final class Work {

        private static final TrainingCase VALIDATED = TrainingCase.of(
                CellKind.GRU, OptimizerKind.ADAM, SamplingKind.SEQUENTIAL, TrainingCase.Option.VALIDATION);

        private final Workload workload;
        private final GeneratedText text = new GeneratedText(7);
        private final CorpusText corpus;
        private final List<BadRecord.Kind> rejected = new ArrayList<>(
                List.of(BadRecord.Kind.TEXT_WITHOUT_KEY, BadRecord.Kind.TOKENS, BadRecord.Kind.REQUEST));
        private int pieces;

        Work(Workload workload) {
            this.workload = workload;
            this.corpus = workload.begin(
                    "wells", Reading.of(Tokenizer.CHARACTERS, Normalizer.LETTERS), VALIDATED.spec(1_000_000, 1));
            workload.append(corpus, text.piece(0, 100));
        }

        /** A little text, some requests and, over time, a record of each kind that is rejected. */
        void some() {
            workload.append(corpus, text.piece(++pieces, 2));
            for (int i = 0; i < 5; i++) {
                workload.ask(PrefixRequest.newBuilder()
                        .setCorpus(corpus.corpus())
                        .setPrefix("a")
                        .build());
            }
            if (!rejected.isEmpty() && pieces % 5 == 0) { // apart, so that Prometheus sees the counters before
                workload.spoil(rejected.remove(0), corpus);
            }
        }

        /** Publishes settings that cannot be trained, for a corpus that has no others. */
        void requestTheImpossible() {
            CorpusText another = workload.begin(
                    "verne",
                    corpus.reading(),
                    TrainingSpec.newBuilder(VALIDATED.spec(1, 2)).setHidden(0).build());
            workload.append(another, text.piece(0, 10));
        }
    }
}
