package io.inkstream.lessons.presets;

import java.math.BigDecimal;
import java.util.Optional;

/** What a preset's settings give in PyTorch 2.13, measured by us: the figure that ours is put beside. */
public sealed interface PeerFigure {

    /** For reading: {@code 1.67 (1.61–1.68)}, {@code 146 of 200}, {@code –}. */
    String words();

    /**
     * A perplexity after the last epoch.
     *
     * @param median the median over the seeds
     * @param range the least and the greatest; empty where they were not recorded
     */
    record Perplexity(BigDecimal median, Optional<Range> range) implements PeerFigure {

        @Override
        public String words() {
            return median.toPlainString()
                    + range.map(ends -> " (%s–%s)"
                                    .formatted(
                                            ends.least().toPlainString(),
                                            ends.most().toPlainString()))
                            .orElse("");
        }
    }

    /**
     * The ends of a spread.
     *
     * @param least the least
     * @param most the greatest
     */
    record Range(BigDecimal least, BigDecimal most) {

        public Range {
            if (least.compareTo(most) > 0) {
                throw new IllegalArgumentException("%s is more than %s".formatted(least, most));
            }
        }
    }

    /**
     * With how many seeds the answer came.
     *
     * @param right seeds that gave it
     * @param seeds seeds that were tried
     */
    record Answers(int right, int seeds) implements PeerFigure {

        public Answers {
            if (right < 0 || right > seeds || seeds < 1) {
                throw new IllegalArgumentException("%d of %d seeds is impossible".formatted(right, seeds));
            }
        }

        @Override
        public String words() {
            return "%d of %d".formatted(right, seeds);
        }
    }

    /** It was not measured. */
    record Unknown() implements PeerFigure {

        @Override
        public String words() {
            return "–";
        }
    }

    /** A median perplexity, for instance {@code "1.30"}. */
    static PeerFigure perplexity(String median) {
        return new Perplexity(new BigDecimal(median), Optional.empty());
    }

    /** A median perplexity, the least and the greatest. */
    static PeerFigure perplexity(String median, String least, String most) {
        return new Perplexity(
                new BigDecimal(median), Optional.of(new Range(new BigDecimal(least), new BigDecimal(most))));
    }

    /** How many of so many seeds give the answer. */
    static PeerFigure answers(int right, int seeds) {
        return new Answers(right, seeds);
    }

    /** Nothing is known. */
    static PeerFigure unknown() {
        return new Unknown();
    }
}
