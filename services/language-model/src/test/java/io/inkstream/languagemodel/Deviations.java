package io.inkstream.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.network.Tensor;
import java.util.Map;
import java.util.TreeMap;

/** The largest deviations of a run from the same run in PyTorch. */
public final class Deviations {

    private final String run;
    private final Map<String, Double> largest = new TreeMap<>();

    /** No deviations yet. */
    public Deviations(String run) {
        this.run = run;
    }

    /** Records a number, relative to the other. */
    public void relative(String what, double ours, double theirs) {
        note(what, Math.abs(ours - theirs) / Math.abs(theirs));
    }

    /** Records the elements of a tensor. */
    public void absolute(String what, Tensor ours, Tensor theirs) {
        assertThat(ours.shape()).as("shape of %s in %s", what, run).isEqualTo(theirs.shape());
        for (int i = 0; i < ours.values().length; i++) {
            absolute(what, ours.values()[i], theirs.values()[i]);
        }
    }

    /** Records a number. */
    public void absolute(String what, double ours, double theirs) {
        note(what, Math.abs(ours - theirs));
    }

    /** Prints the largest deviations, for reports, and compares them with bounds. */
    public void requireAtMost(Map<String, Double> bounds) {
        System.out.println("Largest deviations of %s: %s".formatted(run, largest));
        assertThat(largest.keySet()).as("what was compared in %s", run).isEqualTo(bounds.keySet());
        bounds.forEach((what, bound) ->
                assertThat(largest.get(what)).as("%s in %s", what, run).isLessThan(bound));
    }

    private void note(String what, double deviation) {
        assertThat(deviation).as("%s in %s", what, run).isNotNaN();
        largest.merge(what, deviation, Math::max);
    }
}
