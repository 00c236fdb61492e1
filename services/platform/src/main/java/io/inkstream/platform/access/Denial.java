package io.inkstream.platform.access;

/** An exception that says in its message, a sentence, which access was denied: to try again would not help. */
public interface Denial {

    /** What was denied, where, and what to do. */
    String sentence();
}
