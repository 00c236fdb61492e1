package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import java.util.Arrays;

/**
 * The cross-entropy of softmax: for a row of logits x with target t, log Σ exp(x_i) - x_t, in nats. Its gradient is
 * softmax(x), less 1 at the target.
 */
final class CrossEntropy {

    /** A product of sums of exponentials is not let grow beyond this before its logarithm is taken. */
    private static final double LARGE = 1e100;

    private CrossEntropy() {}

    /** Computes the loss of each lane of a block, and leaves the exponentials of the logits in their place. */
    static void forward(Kernels kernels, Activations activations, Block block) {
        int end = Math.min(block.first() + block.lanes(), activations.lanes());
        for (int lane = block.first(); lane < end; lane++) {
            activations.losses()[lane] = loss(kernels, activations, lane, 0);
        }
    }

    /**
     * Computes the loss of each lane of a block, and leaves the gradient of the logits in their place: that of the mean over
     * all rows.
     */
    static void forwardAndBackward(Kernels kernels, Activations activations, Block block) {
        int end = Math.min(block.first() + block.lanes(), activations.lanes());
        int rows = (activations.timeSteps() - activations.firstLossStep()) * activations.lanes();
        for (int lane = block.first(); lane < end; lane++) {
            activations.losses()[lane] = loss(kernels, activations, lane, rows);
        }
        for (int lane = Math.max(end, block.first()); lane < block.first() + block.lanes(); lane++) {
            clearPadding(activations, lane);
        }
    }

    /**
     * The loss of a lane.
     *
     * @param rows over which the mean is taken whose gradient is left in place of the logits; 0: none is
     */
    private static double loss(Kernels kernels, Activations activations, int lane, int rows) {
        float[] m = activations.array();
        Matrix logits = activations.logits();
        int panel = logits.panelSize();
        double sum = 0;
        double product = 1;
        for (int step = activations.firstLossStep(); step < activations.timeSteps(); step++) {
            int row = step * activations.paddedLanes() + lane;
            int first = logits.index(0, row);
            int target = logits.element(row, activations.targets()[row]);
            float logit = m[target];
            float maximum = kernels.rowMaximum(m, first, panel, logits.panels());
            kernels.rowExponentials(m, first, panel, logits.panels(), maximum);
            float exponentials = kernels.rowSum(m, first, panel, logits.panels());
            sum += (double) maximum - logit;
            product *= exponentials; // one logarithm for many rows
            if (!(product < LARGE)) {
                sum += StrictMath.log(product);
                product = 1;
            }
            if (rows > 0) {
                kernels.rowScale(m, first, panel, logits.panels(), 1 / (exponentials * rows));
                m[target] -= 1f / rows;
            }
        }
        return sum + StrictMath.log(product);
    }

    private static void clearPadding(Activations activations, int lane) {
        Matrix logits = activations.logits();
        for (int step = activations.firstLossStep(); step < activations.timeSteps(); step++) {
            for (int panel = 0; panel < logits.panels(); panel++) {
                int from = logits.index(panel, step * activations.paddedLanes() + lane);
                Arrays.fill(activations.array(), from, from + Matrix.PANEL, 0);
            }
        }
    }
}
