package io.inkstream.generator.generation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Requests that wait for a place in the batch. The clients take turns, so that one with many requests does not keep
 * another's waiting; the requests of one client come in their order. Not safe for use by several threads.
 */
final class WaitingLine {

    /** The client whose turn it is comes first. */
    private final Map<String, Deque<Member>> clients = new LinkedHashMap<>();

    private int size;

    /** How many wait. */
    int size() {
        return size;
    }

    /** Lets a request wait behind the others of its client. */
    void add(Member member) {
        clients.computeIfAbsent(member.client(), client -> new ArrayDeque<>()).add(member);
        size++;
    }

    /** Takes the first request of the client whose turn it is; there must be one. */
    Member next() {
        Iterator<Map.Entry<String, Deque<Member>>> turns = clients.entrySet().iterator();
        Map.Entry<String, Deque<Member>> turn = turns.next();
        Deque<Member> waiting = turn.getValue();
        String client = turn.getKey();
        Member next = waiting.remove();
        turns.remove();
        if (!waiting.isEmpty()) {
            clients.put(client, waiting);
        }
        size--;
        return next;
    }
}
