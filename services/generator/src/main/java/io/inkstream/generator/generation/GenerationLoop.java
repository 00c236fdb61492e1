package io.inkstream.generator.generation;

import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.Generation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Continuous batching: at every step, requests that have ended leave and waiting ones join, in the order they came, and
 * each of those in the batch gets one more token. Requests of different models share the batch and are computed model
 * by model. What a request gets does not depend on the others: see {@link Decoder}.
 */
public final class GenerationLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(GenerationLoop.class);

    private final int most;
    private final Queue<Member> waiting = new ArrayDeque<>();
    /** Of the loop's thread alone. */
    private final List<Member> batch = new ArrayList<>();

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

    /** Adds a request; it joins when there is room. */
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

    /** Lets waiting requests join, generates one token for each, and lets those that have ended leave. */
    void step() {
        admit();
        Map<Decoder, List<Member>> byModel = new LinkedHashMap<>();
        for (Member member : batch) {
            byModel.computeIfAbsent(member.generation().decoder(), decoder -> new ArrayList<>())
                    .add(member);
        }
        byModel.forEach(this::step);
        size = batch.size();
    }

    private void step(Decoder decoder, List<Member> members) {
        try {
            decoder.step(members.stream().map(Member::generation).toList());
        } catch (RuntimeException e) {
            log.atError().addKeyValue("requests", members.size()).setCause(e).log("Generation failed");
            batch.removeAll(members);
            members.forEach(member -> member.failed(e));
            return;
        }
        for (Member member : members) {
            Generation generation = member.generation();
            if (!generation.state().underWay()) {
                batch.remove(member);
                member.ended();
            }
        }
    }

    private void admit() {
        batch.removeIf(member -> !member.isWanted());
        synchronized (waiting) {
            while (batch.size() < most && !waiting.isEmpty()) {
                Member next = waiting.remove();
                if (next.isWanted()) {
                    batch.add(next);
                }
            }
        }
        size = batch.size();
    }

    private boolean awaitWork() {
        synchronized (waiting) {
            while (!stopping && batch.isEmpty() && waiting.isEmpty()) {
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
