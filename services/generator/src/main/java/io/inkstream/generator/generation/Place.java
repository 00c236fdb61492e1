package io.inkstream.generator.generation;

/** A request's place in the batch, and for how long it has had it. Of the loop's thread alone. */
final class Place {

    private final Member member;
    private int steps;

    Place(Member member) {
        this.member = member;
    }

    Member member() {
        return member;
    }

    /** One step was computed since it has this place. */
    void stepped() {
        steps++;
    }

    int steps() {
        return steps;
    }
}
