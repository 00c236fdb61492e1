package io.inkstream.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels on vector registers compute the bits of the kernels on single numbers. */
class VectorKernelsTest {

    private static final int ROWS = 19;
    private static final int N = ROWS * Matrix.PANEL;
    private static final int NUMBERS = 8 * N;
    private static final AdamStep ADAM = AdamStep.of(0.7, 0.01, 3);

    /** What a kernel does with two arrays; what it returns is compared too. */
    private interface Operation {

        float on(Kernels kernels, float[] m, float[] w);
    }

    private static Map<String, Operation> operations() {
        Map<String, Operation> operations = new LinkedHashMap<>();
        for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 16, 19}) {
            operations.put("product of %d rows".formatted(rows), (kernels, m, w) -> {
                kernels.multiplyAdd(rows, m, 0, N, 3, w, 0, 3 * N);
                return 0;
            });
        }
        operations.put("transposed product", (kernels, m, w) -> {
            kernels.multiplyTransposedAdd(ROWS, m, 0, N, w, 64);
            return 0;
        });
        int[] table = {320, 0, 96, 96, 32, 0, 0, 64, 352, 96, 0, 32, 320, 128, 64, 0, 96, 320, 32};
        operations.put("fill rows", (kernels, m, w) -> {
            kernels.fillRows(ROWS, w, 16, m, N);
            return 0;
        });
        operations.put("gather rows", (kernels, m, w) -> {
            kernels.gatherRows(ROWS - 1, w, table, 1, 64, m, N);
            return 0;
        });
        operations.put("scatter rows", (kernels, m, w) -> {
            kernels.scatterRows(ROWS, m, N, w, table, 64);
            return 0;
        });
        operations.put("column sums", (kernels, m, w) -> {
            kernels.addColumnSums(ROWS, m, N, w, 16);
            return 0;
        });
        operations.put("tanh", (kernels, m, w) -> {
            kernels.tanh(N, m, 0, N);
            return 0;
        });
        operations.put("sigmoid", (kernels, m, w) -> {
            kernels.sigmoid(N, m, 0, N);
            return 0;
        });
        operations.put("relu", (kernels, m, w) -> {
            kernels.relu(N, m, 0, N);
            return 0;
        });
        operations.put("gradient of tanh", (kernels, m, w) -> {
            kernels.tanhGradient(N, m, 0, N, 2 * N);
            return 0;
        });
        operations.put("gradient of the sigmoid function", (kernels, m, w) -> {
            kernels.sigmoidGradient(N, m, 0, N, 2 * N);
            return 0;
        });
        operations.put("gradient of relu", (kernels, m, w) -> {
            kernels.reluGradient(N, m, 0, N, 2 * N);
            return 0;
        });
        operations.put("multiply", (kernels, m, w) -> {
            kernels.multiply(N, m, 0, N, 2 * N);
            return 0;
        });
        operations.put("multiply and add", (kernels, m, w) -> {
            kernels.multiplyAddElements(N, m, 0, N, 2 * N, 2 * N);
            return 0;
        });
        operations.put("add", (kernels, m, w) -> {
            kernels.add(N, m, 0, N, N);
            return 0;
        });
        operations.put("subtract", (kernels, m, w) -> {
            kernels.subtract(N, m, 0, N, 0);
            return 0;
        });
        operations.put("maximum of a row", (kernels, m, w) -> kernels.rowMaximum(m, 32, N, 3));
        operations.put("exponentials of a row", (kernels, m, w) -> {
            kernels.rowExponentials(m, 32, N, 3, kernels.rowMaximum(m, 32, N, 3));
            return 0;
        });
        operations.put("sum of a row", (kernels, m, w) -> kernels.rowSum(m, 32, N, 3));
        operations.put("scale a row", (kernels, m, w) -> {
            kernels.rowScale(m, 32, N, 3, 0.3f);
            return 0;
        });
        operations.put("sum of squares", (kernels, m, w) -> kernels.sumOfSquares(N, m, 32));
        operations.put("add scaled", (kernels, m, w) -> {
            kernels.addScaled(N, m, -0.3f, 0, N);
            return 0;
        });
        operations.put("Adam", (kernels, m, w) -> {
            IntStream.range(2 * N, 3 * N).forEach(i -> m[i] = Math.abs(m[i])); // a second moment
            kernels.adam(N, m, ADAM, 0, N, 2 * N, 3 * N);
            return 0;
        });
        return operations;
    }

    private static Stream<Arguments> cases() {
        return operations().entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void computeTheBitsOfSingleNumbers(String name, Operation operation) {
        for (double scale : new double[] {1e-20, 1e-3, 1, 30}) {
            // Given
            float[] m = numbers(NUMBERS, 1, scale);
            float[] w = numbers(NUMBERS, 2, scale);
            float[] expectedM = m.clone();
            float[] expectedW = w.clone();

            // When
            float expected = operation.on(new ScalarKernels(), expectedM, expectedW);
            float actual = operation.on(new VectorKernels(), m, w);

            // Then
            assertThat(actual).isEqualTo(expected);
            assertThat(m).isEqualTo(expectedM);
            assertThat(w).isEqualTo(expectedW);
        }
    }

    @Test
    void productsAreThoseOfLinearAlgebra() {
        // Given
        Arena arena = new Arena();
        Matrix a = arena.matrix(ROWS, 64);
        Matrix b = arena.matrix(64, 96);
        Matrix c = arena.matrix(ROWS, 96);
        float[] m = numbers(c.at() + c.size(), 3, 1);
        float[] before = m.clone();

        // When
        for (int panel = 0; panel < c.panels(); panel++) {
            Kernels.ofThisProcessor()
                    .multiplyAdd(ROWS, m, a.at(), a.panelSize(), a.panels(), m, b.panel(panel), c.panel(panel));
        }

        // Then
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < 96; column++) {
                float sum = before[c.element(row, column)];
                for (int k = 0; k < 64; k++) {
                    sum = Math.fma(before[a.element(row, k)], before[b.element(k, column)], sum);
                }
                assertThat(m[c.element(row, column)]).isEqualTo(sum);
            }
        }
    }

    @Test
    void rowsDoNotDependOnTheOthers() {
        // Given
        float[] together = numbers(NUMBERS, 1, 1);
        float[] apart = together.clone();
        float[] w = numbers(NUMBERS, 2, 1);
        Kernels kernels = Kernels.ofThisProcessor();

        // When
        kernels.multiplyAdd(ROWS, together, 0, N, 3, w, 0, 3 * N);
        for (int row = 0; row < ROWS; row++) {
            kernels.multiplyAdd(1, apart, row * 32, N, 3, w, 0, 3 * N + row * 32);
        }

        // Then
        assertThat(apart).isEqualTo(together);
    }

    private static float[] numbers(int count, long seed, double scale) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (random.nextGaussian() * scale);
        }
        return numbers;
    }
}
