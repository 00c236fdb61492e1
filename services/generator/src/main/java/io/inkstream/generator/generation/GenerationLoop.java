package io.inkstream.generator.generation;

import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.Generation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Continuous batching: at every step, requests that have ended leave and waiting ones join, and each of those in the
 * batch gets one more token, or, while its prefix is still being read, as many tokens of that as make the step no longer
 * than that of a full batch. Requests of different models share the batch and are computed model by model. What a request
 * gets does not depend on the others: see {@link Decoder}.
 *
 * <p>When more wait than there is room for, clients take turns ({@link WaitingLine}), and a request that has had its
 * place for {@value #TURN} steps gives way and waits for its client's next turn, with all that it has come to so far.
 */
public final class GenerationLoop implements Runnable {

    /** Steps after which a request gives way to those that wait. */
    static final int TURN = 64;

    private static final Logger log = LoggerFactory.getLogger(GenerationLoop.class);

    private final int most;
    private final WaitingLine waiting = new WaitingLine();
    /** Of the loop's thread alone; those that have been there longest come first. */
    private final List<Place> batch = new ArrayList<>();

    private volatile int size;
    private boolean stopping;

    /**
     * A loop without requests.
     *
     * @param most requests in the batch, at most
     */
    public GenerationLoop(int most) {
        this.most = most;
    }

    /** Adds a request; it joins when there is room and it is its client's turn. */
    public void join(Member member) {
        synchronized (waiting) {
            waiting.add(member);
            waiting.notifyAll();
        }
    }

    /** How many requests are in the batch. */
    public int size() {
        return size;
    }

    /** Lets {@link #run} return after the step that it is at. What is under way gets no answer. */
    public void stop() {
        synchronized (waiting) {
            stopping = true;
            waiting.notifyAll();
        }
    }

    /** Steps while there are requests, and waits while there are none, until {@link #stop}. */
    @Override
    public void run() {
        while (awaitWork()) {
            step();
        }
    }

    /** Lets waiting requests join, computes one step for each, and lets those that have ended leave. */
    void step() {
        admit();
        int slice = tokensToRead();
        Map<Decoder, List<Member>> byModel = new LinkedHashMap<>();
        for (Place place : batch) {
            place.stepped();
            Member member = place.member();
            byModel.computeIfAbsent(member.generation().decoder(), decoder -> new ArrayList<>())
                    .add(member);
        }
        byModel.forEach((decoder, members) -> step(decoder, members, slice));
        size = batch.size();
    }

    /** For each request that is still reading: they share what a batch that is not full leaves of the time of a full one. */
    private int tokensToRead() {
        int reading = (int) batch.stream()
                .filter(place -> place.member().generation().isReading())
                .count();
        return reading == 0 ? 0 : (most - (batch.size() - reading)) / reading;
    }

    private void step(Decoder decoder, List<Member> members, int slice) {
        List<Generation> reading = new ArrayList<>();
        List<Generation> generating = new ArrayList<>();
        for (Member member : members) {
            (member.generation().isReading() ? reading : generating).add(member.generation());
        }
        try {
            decoder.read(reading, slice);
            decoder.step(generating);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("requests", members.size()).setCause(e).log("Generation failed");
            members.forEach(this::leave);
            members.forEach(member -> member.failed(e));
            return;
        }
        for (Member member : members) {
            if (!member.generation().state().isRunning()) {
                leave(member);
                end(member);
            }
        }
    }

    private void leave(Member member) {
        batch.removeIf(place -> place.member() == member);
    }

    private static void end(Member member) {
        try {
            member.ended();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("Answer not made");
            member.failed(e);
        }
    }

    private void admit() {
        batch.removeIf(place -> !place.member().isWanted());
        synchronized (waiting) {
            giveWay(waiting.size() - (most - batch.size()));
            while (batch.size() < most && waiting.size() > 0) {
                Member next = waiting.next();
                if (next.isWanted()) {
                    batch.add(new Place(next));
                }
            }
        }
        size = batch.size();
    }

    /** Lets so many requests wait again, or as many as have had their turn. */
    private void giveWay(int many) {
        int left = many;
        Iterator<Place> places = batch.iterator();
        while (left > 0 && places.hasNext()) {
            Place place = places.next();
            if (place.steps() >= TURN) {
                places.remove();
                waiting.add(place.member());
                left--;
            }
        }
    }

    private boolean awaitWork() {
        synchronized (waiting) {
            while (!stopping && batch.isEmpty() && waiting.size() == 0) {
                try {
                    waiting.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return !stopping;
        }
    }
}
