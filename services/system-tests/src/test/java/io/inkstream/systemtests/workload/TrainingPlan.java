package io.inkstream.systemtests.workload;

import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What a corpus is to be trained on, as it follows from what was asked for and from the text: no checkpoint has a say in it.
 *
 * @param spec the settings; how many epochs is said by the stages
 * @param stages one after the other; with online sampling a single one, of all tokens
 */
public record TrainingPlan(TrainingSpec spec, List<Stage> stages) {

    /**
     * Some epochs on the same text.
     *
     * @param tokens the first so many tokens of the corpus are known
     * @param epochs epochs on them; with online sampling, which trains on each token once, it says nothing
     */
    public record Stage(int tokens, int epochs) {}

    public TrainingPlan {
        stages = List.copyOf(stages);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("A plan has at least one stage");
        }
        if (online(spec) && stages.size() > 1) {
            throw new IllegalArgumentException("A stream is trained on once, in one stage");
        }
    }

    /** All epochs on the text as it is now. */
    public static TrainingPlan onAll(CorpusText text, TrainingSpec spec) {
        return new TrainingPlan(spec, List.of(new Stage(text.size(), spec.getEpochs())));
    }

    /** Epochs of which it was published, exactly once for each, how many tokens they covered. */
    public static TrainingPlan ofEpochs(TrainingSpec spec, List<Integer> tokens) {
        List<Stage> stages = new ArrayList<>();
        for (int each : tokens) {
            int last = stages.size() - 1;
            if (last >= 0 && stages.get(last).tokens() == each) {
                stages.set(last, new Stage(each, stages.get(last).epochs() + 1));
            } else {
                stages.add(new Stage(each, 1));
            }
        }
        return new TrainingPlan(spec, stages);
    }

    /** The settings of a stage. */
    public TrainingSpec spec(Stage stage) {
        return TrainingSpec.newBuilder(spec).setEpochs(stage.epochs()).build();
    }

    /** True when each token is trained on once. */
    public static boolean online(TrainingSpec spec) {
        return spec.getSampling() == SamplingKind.ONLINE;
    }
}
