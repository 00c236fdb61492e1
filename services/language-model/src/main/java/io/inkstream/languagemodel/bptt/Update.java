package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.AdamStep;
import io.inkstream.kernels.Kernels;
import io.inkstream.languagemodel.settings.OptimizerSettings;

/** How a step updates parameters from their gradient. */
sealed interface Update {

    /**
     * The update of a step.
     *
     * @param step its number, from 1
     * @param norm global L2 norm of the gradient, which is scaled down to the configured bound
     */
    static Update of(OptimizerSettings settings, long step, double norm) {
        double scale = settings.clip() > 0 ? settings.clip() / Math.max(norm, settings.clip()) : 1;
        return switch (settings.rule()) {
            case SGD -> new Sgd((float) (scale * settings.learningRate()));
            case ADAM -> new Adam(AdamStep.of(scale, settings.learningRate(), step));
        };
    }

    /**
     * Updates a panel.
     *
     * @param w has the parameters and all that belongs to them
     * @param panel number of the panel
     */
    void apply(Kernels kernels, float[] w, Slots slots, int panel);

    /**
     * Stochastic gradient descent: p ← p - η g.
     *
     * @param rate η, times the factor that clips the gradient
     */
    record Sgd(float rate) implements Update {

        @Override
        public void apply(Kernels kernels, float[] w, Slots slots, int panel) {
            kernels.addScaled(
                    slots.value().panelSize(),
                    w,
                    -rate,
                    slots.gradient().panel(panel),
                    slots.value().panel(panel));
        }
    }

    /** Adam. */
    record Adam(AdamStep step) implements Update {

        @Override
        public void apply(Kernels kernels, float[] w, Slots slots, int panel) {
            kernels.adam(
                    slots.value().panelSize(),
                    w,
                    step,
                    slots.gradient().panel(panel),
                    slots.mean().panel(panel),
                    slots.square().panel(panel),
                    slots.value().panel(panel));
        }
    }
}
