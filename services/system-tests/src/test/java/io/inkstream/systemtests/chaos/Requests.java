package io.inkstream.systemtests.chaos;

import io.inkstream.schemas.PrefixRequest;
import io.inkstream.systemtests.invariants.TrainingWatch;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.Workload;
import java.util.List;
import java.util.Random;

/** Asks for completions all the time; there are few different questions, so that many are asked of one checkpoint twice. */
final class Requests {

    private static final long INTERVAL = 300;
    private static final int TOKENS = 20;
    private static final List<String> PREFIXES = List.of("a", "be cab", "");
    private static final int SEEDS = 2;

    private final Workload workload;
    private final TrainingWatch watch;
    private final Random random;
    private long next;

    Requests(Workload workload, TrainingWatch watch, long seed) {
        this.workload = workload;
        this.watch = watch;
        this.random = new Random(seed);
    }

    /** Asks one of the corpora that have a model, when it is time. */
    void tick(long now) {
        List<CorpusText> trained = workload.texts().stream()
                .filter(text -> watch.newest(text.corpus()).isPresent())
                .toList();
        if (now < next || trained.isEmpty()) {
            return;
        }
        next = now + INTERVAL;
        PrefixRequest.Builder request = PrefixRequest.newBuilder()
                .setCorpus(trained.get(random.nextInt(trained.size())).corpus())
                .setPrefix(PREFIXES.get(random.nextInt(PREFIXES.size())))
                .setMaxTokens(TOKENS);
        if (random.nextBoolean()) {
            request.setTemperature(0.8).setSeed((long) random.nextInt(SEEDS));
        }
        workload.ask(request.build());
    }
}
