package io.inkstream.systemtests.chaos;

import io.inkstream.systemtests.processes.ProcessFleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What happens to which process when: the same for the same seed, so that a failure can be run again. Events are dealt
 * like cards, so that each kind comes to each process before any comes too often.
 *
 * @param seed of the randomness
 * @param events in order of time
 */
public record ChaosSchedule(long seed, List<ChaosEvent> events) {

    /** The one whose group's offsets are deleted: what the others have read is said by what they wrote. */
    static final String FORGETFUL = "ingest";

    private static final long FIRST = 3_000;
    private static final long SHORTEST_GAP = 1_500;
    private static final long LONGEST_GAP = 6_500;
    private static final double TWICE = 0.35;

    /** So long before and after one kill of each round nothing else happens, so that its recovery can be measured. */
    private static final long QUIET = 22_000;

    /** A group notices that a member is gone after 10 s: who is paused for longer wakes up as a zombie. */
    private static final long[] TRAINER_PAUSE = {11_000, 16_000};

    private static final long[] OTHER_PAUSE = {2_000, 7_000};
    private static final long[] BROKER_DOWN = {1_000, 6_000};
    private static final long[] SERVICE_DOWN = {200, 2_500};

    /** A group whose offsets are to go must be empty, and of one that was killed the broker knows that after 10 s. */
    private static final long[] FORGOTTEN = {11_000, 15_000};

    /** How soon after its restart a process is killed once more: while it starts, joins, reads, or trains again. */
    private static final long[] RECOVERY = {500, 14_000};

    public ChaosSchedule {
        events = List.copyOf(events);
    }

    /**
     * Deals a schedule.
     *
     * @param services the names of the services; the broker is there too
     * @param atMost no event begins later
     * @param kills so many kills are enough; 0: as many as there is time for
     */
    public static ChaosSchedule of(long seed, List<String> services, Duration atMost, int kills) {
        return new Dealer(seed, services).deal(atMost.toMillis(), kills);
    }

    /** A schedule of one event. */
    public static ChaosSchedule of(ChaosEvent event) {
        return new ChaosSchedule(0, List.of(event));
    }

    /** When the last event is over, in milliseconds from the start. */
    public long end() {
        return events.stream().mapToLong(ChaosEvent::end).max().orElse(0);
    }

    private record Card(ChaosKind kind, String target) {}

    private static final class Dealer {

        private final long seed;
        private final Random random;
        private final List<Card> deck = new ArrayList<>();
        private final List<Card> hand = new ArrayList<>();
        private final Map<String, Long> busyUntil = new HashMap<>();
        private final List<ChaosEvent> events = new ArrayList<>();

        Dealer(long seed, List<String> services) {
            this.seed = seed;
            this.random = new Random(seed);
            add(ProcessFleet.BROKER, 2, 1, 0);
            for (String service : services) {
                boolean trainer = service.startsWith("trainer");
                add(service, trainer ? 3 : 2, 1, trainer ? 1 : 0);
                if (service.equals(FORGETFUL)) {
                    deck.add(new Card(ChaosKind.FORGET, service));
                }
            }
        }

        private void add(String target, int kills, int pauses, int restarts) {
            deck.addAll(Collections.nCopies(kills, new Card(ChaosKind.KILL, target)));
            deck.addAll(Collections.nCopies(pauses, new Card(ChaosKind.PAUSE, target)));
            deck.addAll(Collections.nCopies(restarts, new Card(ChaosKind.RESTART, target)));
        }

        ChaosSchedule deal(long atMost, int kills) {
            long time = FIRST;
            while (time < atMost && (kills == 0 || killsSoFar() < kills)) {
                if (hand.isEmpty()) {
                    time = events.isEmpty() ? time : killOneAlone();
                    hand.addAll(deck);
                    Collections.shuffle(hand, random);
                }
                time = play(hand.remove(hand.size() - 1), time) + between(SHORTEST_GAP, LONGEST_GAP);
            }
            events.sort((a, b) -> Long.compare(a.at(), b.at()));
            return new ChaosSchedule(seed, events);
        }

        /** Returns when the next round begins. */
        private long killOneAlone() {
            List<String> trainers = deck.stream()
                    .map(Card::target)
                    .filter(target -> target.startsWith("trainer"))
                    .distinct()
                    .toList();
            String target = trainers.get(random.nextInt(trainers.size()));
            long time = QUIET + events.stream().mapToLong(ChaosEvent::end).max().orElse(0);
            ChaosEvent kill = new ChaosEvent(time, ChaosKind.KILL, target, between(SERVICE_DOWN));
            events.add(kill);
            busyUntil.put(target, kill.end());
            return time + QUIET;
        }

        private long play(Card card, long earliest) {
            long time = Math.max(earliest, busyUntil.getOrDefault(card.target(), 0L) + SHORTEST_GAP);
            ChaosEvent event = new ChaosEvent(time, card.kind(), card.target(), away(card));
            events.add(event);
            long end = event.end();
            if (card.kind() == ChaosKind.KILL
                    && !card.target().equals(ProcessFleet.BROKER)
                    && random.nextDouble() < TWICE) {
                ChaosEvent again =
                        new ChaosEvent(end + between(RECOVERY[0], RECOVERY[1]), card.kind(), card.target(), away(card));
                events.add(again);
                end = again.end();
            }
            busyUntil.put(card.target(), end);
            return time;
        }

        private long away(Card card) {
            boolean broker = card.target().equals(ProcessFleet.BROKER);
            return switch (card.kind()) {
                case KILL -> broker ? between(BROKER_DOWN) : between(SERVICE_DOWN);
                case PAUSE -> card.target().startsWith("trainer") ? between(TRAINER_PAUSE) : between(OTHER_PAUSE);
                case RESTART -> 0;
                case FORGET -> between(FORGOTTEN);
            };
        }

        private long killsSoFar() {
            return events.stream()
                    .filter(event -> event.kind() == ChaosKind.KILL)
                    .count();
        }

        private long between(long[] range) {
            return between(range[0], range[1]);
        }

        private long between(long from, long to) {
            return from + (long) (random.nextDouble() * (to - from));
        }
    }
}
