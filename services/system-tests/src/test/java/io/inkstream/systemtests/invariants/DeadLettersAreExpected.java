package io.inkstream.systemtests.invariants;

import io.inkstream.systemtests.workload.BadRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Each record that was made unreadable on purpose has a dead letter - exactly one from ingest and the trainer - and no other record has. */
final class DeadLettersAreExpected {

    static final String SENT = "bad records sent";
    static final String MISSING = "dead letters missing";
    static final String DOUBLED = "dead letters duplicated";
    static final String UNEXPECTED = "dead letters of good records";

    private DeadLettersAreExpected() {}

    /**
     * Checks them.
     *
     * @param specsReadAgain how often ingest may have read its specs from the start, as its group's offsets were gone: so often
     *     the dead letters of specs may come again
     */
    static void check(Evidence evidence, List<BadRecord> bad, int specsReadAgain, Findings findings) {
        findings.count(SENT, bad.size());
        findings.count(MISSING, 0);
        findings.count(DOUBLED, 0);
        findings.count(UNEXPECTED, 0);
        Map<String, Long> counts = evidence.deadLetters().stream()
                .collect(Collectors.groupingBy(Evidence.DeadLetter::content, Collectors.counting()));
        Set<String> expected = new HashSet<>();
        for (BadRecord record : bad) {
            expected.add(record.content());
            long found = counts.getOrDefault(record.content(), 0L);
            long most = 1L + (record.kind() == BadRecord.Kind.SPEC ? specsReadAgain : 0);
            if (found == 0) {
                findings.fault(MISSING, 1, "%s", record);
            } else if (record.kind().exactlyOnce() && found > most) {
                findings.fault(DOUBLED, found - most, "%s has %d", record, found);
            }
        }
        evidence.deadLetters().stream()
                .filter(deadLetter -> !expected.contains(deadLetter.content()))
                .forEach(deadLetter -> findings.fault(UNEXPECTED, 1, "%s", deadLetter.reason()));
    }
}
