package io.inkstream.generator.generation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tasks that wait for a slot in the batch. Clients are served round-robin, so that one with many tasks does not delay
 * another; the tasks of one client are served in order. Not safe for use by several threads.
 */
final class FairQueue {

    /** By client; the next client comes first. */
    private final Map<String, Deque<GenerationTask>> clients = new LinkedHashMap<>();

    private int size;

    /** Number of tasks. */
    int size() {
        return size;
    }

    /** Adds a task after the others of its client. */
    void add(GenerationTask task) {
        clients.computeIfAbsent(task.client(), client -> new ArrayDeque<>()).add(task);
        size++;
    }

    /** Removes the first task of the next client; there must be one. */
    GenerationTask next() {
        Iterator<Map.Entry<String, Deque<GenerationTask>>> order =
                clients.entrySet().iterator();
        Map.Entry<String, Deque<GenerationTask>> first = order.next();
        Deque<GenerationTask> tasks = first.getValue();
        String client = first.getKey();
        GenerationTask next = tasks.remove();
        order.remove();
        if (!tasks.isEmpty()) {
            clients.put(client, tasks);
        }
        size--;
        return next;
    }
}
