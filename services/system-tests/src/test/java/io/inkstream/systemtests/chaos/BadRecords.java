package io.inkstream.systemtests.chaos;

import io.inkstream.systemtests.workload.BadRecord;
import io.inkstream.systemtests.workload.Workload;
import java.util.Random;

/** Sends an unreadable record of one kind after the other, now and then, to corpora in use. */
final class BadRecords {

    private static final long INTERVAL = 2_000;

    private final Workload workload;
    private final Random random;
    private long next;

    BadRecords(Workload workload, long seed) {
        this.workload = workload;
        this.random = new Random(seed);
    }

    /** Makes the next one, when it is time. */
    void tick(long now) {
        if (now < next) {
            return;
        }
        next = now + INTERVAL;
        BadRecord.Kind[] kinds = BadRecord.Kind.values();
        int made = workload.badRecords().size();
        workload.spoil(
                kinds[made % kinds.length],
                workload.texts().get(random.nextInt(workload.texts().size())));
    }
}
