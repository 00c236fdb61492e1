package io.inkstream.systemtests.chaos;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.systemtests.invariants.Evidence;
import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.Invariants;
import io.inkstream.systemtests.invariants.Repetitions;
import io.inkstream.systemtests.invariants.TrainingWatch;
import io.inkstream.systemtests.processes.ProcessFleet;
import io.inkstream.systemtests.workload.BadRecord;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.Workload;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Processes that work, a schedule of what is done to them, and the question at the end whether anything was lost,
 * doubled or changed by it.
 */
public final class ChaosRun {

    /** The services, without the broker. */
    public static final List<String> SERVICES = List.of("ingest", "trainer-1", "trainer-2", "generator");

    /** Figure: processes that ended without being asked to, and were started again. */
    public static final String ENDED = "ended by themselves, and started again";

    /** Figure: text records that were sent to another partition than their corpus's. */
    public static final String REROUTED = "text records sent to a partition that is not their corpus's";

    /** Figure: how often the offsets of ingest's group were deleted. */
    public static final String FORGOTTEN = "times that ingest's offsets were deleted";

    private static final TopicNames TOPICS = new TopicNames(TopicNames.DEFAULT_PREFIX);
    private static final long TICK = 20;

    private final Path folder;
    private final ChaosSchedule schedule;
    private final Settings settings;
    private final PrintStream out;
    private BiConsumer<ProcessFleet, Long> observer = (fleet, now) -> {};

    /**
     * How much work there is.
     *
     * @param services the services
     * @param epochs of the corpora that do not grow
     * @param betweenWaves how long after a wave of corpora the next one is begun
     * @param patience how long everything may take to be learned and answered when the processes are left in peace
     */
    public record Settings(List<String> services, int epochs, Duration betweenWaves, Duration patience) {}

    /**
     * A run that is not started yet.
     *
     * @param folder for data and logs
     * @param out where events and figures are printed
     */
    public ChaosRun(Path folder, ChaosSchedule schedule, Settings settings, PrintStream out) {
        this.folder = folder;
        this.schedule = schedule;
        this.settings = settings;
        this.out = out;
    }

    /** Sets who is shown the fleet all the time, with the milliseconds since the start. */
    public ChaosRun observedBy(BiConsumer<ProcessFleet, Long> anObserver) {
        this.observer = anObserver;
        return this;
    }

    /** Runs it. */
    public Findings run() throws InterruptedException {
        out.println("Seed " + schedule.seed());
        schedule.events().forEach(event -> out.println("  " + event));
        try (ProcessFleet fleet = new ProcessFleet(folder, settings.services(), Map.of())) {
            fleet.startBroker(TOPICS);
            try (Workload workload = new Workload(fleet.connection(), TOPICS);
                    TrainingWatch watch = new TrainingWatch(fleet.connection(), TOPICS);
                    Repetitions repetitions = new Repetitions()) {
                settings.services().forEach(fleet::start);
                fleet.awaitReady();
                return run(fleet, workload, watch, repetitions);
            } catch (IllegalStateException | AssertionError e) {
                out.println(fleet.lastWords());
                throw e;
            }
        }
    }

    private Findings run(ProcessFleet fleet, Workload workload, TrainingWatch watch, Repetitions repetitions)
            throws InterruptedException {
        long began = System.nanoTime();
        Requests questions = new Requests(workload, watch, schedule.seed());
        BadRecords mistakes = new BadRecords(workload, schedule.seed());
        List<Wave> waves = new ArrayList<>();
        Set<CorpusText> learned = new HashSet<>();
        ChaosDirector director = new ChaosDirector(fleet, schedule, TOPICS, out);
        boolean chaos = true;
        long quietSince = 0;
        while (chaos || learned.size() < workload.texts().size()) {
            long now = director.now();
            if (now < schedule.end()
                    && now >= waves.size() * settings.betweenWaves().toMillis()) {
                long growsUntil =
                        Math.min(schedule.end(), now + settings.betweenWaves().toMillis());
                waves.add(new Wave(workload, schedule.seed(), waves.size(), settings.epochs(), growsUntil));
            }
            waves.forEach(wave -> {
                wave.tick(now);
                wave.texts().stream()
                        .filter(text -> !learned.contains(text) && wave.learned(text, watch, now))
                        .forEach(text -> {
                            learned.add(text);
                            repetitions.begin(text, wave.plan(text, watch));
                            wave.retire(text);
                        });
            });
            if (now < schedule.end()) {
                questions.tick(now);
                mistakes.tick(now);
            }
            boolean before = chaos;
            chaos = director.tick() || now < schedule.end();
            if (before && !chaos) {
                quietSince = now;
                out.printf("%7.1f s  the processes are left in peace%n", now / 1000.0);
            }
            fleet.supervise();
            observer.accept(fleet, now);
            if (!chaos && now - quietSince > settings.patience().toMillis()) {
                break; // what is missing shows below
            }
            Thread.sleep(TICK);
        }
        workload.flush();
        fleet.awaitReady();
        awaitAnswers(fleet, workload);
        Findings findings = new Findings();
        findings.count(REROUTED, waves.stream().mapToInt(Wave::sentElsewhere).sum());
        findings.count(FORGOTTEN, director.forgotten());
        figures(fleet, director.done(), Duration.ofNanos(System.nanoTime() - began), findings);
        workload.texts().stream()
                .filter(text -> !learned.contains(text))
                .forEach(text -> findings.fault("corpora not learned in time", 1, "%s", text.corpus()));
        Evidence evidence = Evidence.gatherQuiet(fleet.connection(), TOPICS, workload.badRecords());
        Invariants.check(evidence, workload, director.forgotten(), findings);
        Recoveries.measure(director.done(), watch, findings);
        workload.texts().forEach(text -> Invariants.checkTraining(evidence, text, repetitions, findings));
        out.print(findings.table());
        findings.faults().forEach(out::println);
        return findings;
    }

    /** The last replies and dead letters are committed shortly after the last model. */
    private void awaitAnswers(ProcessFleet fleet, Workload workload) throws InterruptedException {
        long deadline = System.nanoTime() + settings.patience().toNanos();
        while (System.nanoTime() < deadline
                && !(Evidence.answered(fleet.connection(), TOPICS)
                                .containsAll(workload.requests().keySet())
                        && Evidence.deadLetters(fleet.connection(), TOPICS)
                                .containsAll(workload.badRecords().stream()
                                        .map(BadRecord::content)
                                        .toList()))) {
            Thread.sleep(500);
        }
    }

    private static void figures(ProcessFleet fleet, List<ChaosDirector.Done> done, Duration length, Findings findings) {
        findings.note("length", "%d s".formatted(length.toSeconds()));
        Map<String, Integer> counts = new TreeMap<>();
        for (ChaosDirector.Done each : done) {
            counts.merge("all, by " + each.event().kind(), 1, Integer::sum);
            counts.merge(each.event().target() + " " + each.event().kind(), 1, Integer::sum);
        }
        counts.forEach(findings::count);
        fleet.endedByThemselves().forEach((name, times) -> findings.count(ENDED, times));
    }
}
