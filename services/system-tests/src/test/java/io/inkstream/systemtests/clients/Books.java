package io.inkstream.systemtests.clients;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the tests of this package send. */
final class Books {

    private Books() {}

    /** A text of about 700 characters, with an empty line and characters beyond ASCII. */
    static String story() {
        return """
                The Time Traveller (for so it will be convenient to speak of him)
                was expounding a recondite matter to us. His pale grey eyes shone and twinkled,
                and his usually pale face was flushed and animated.

                The fire burnt brightly, and the soft radiance of the incandescent lights
                in the lilies of silver caught the bubbles that flashed and passed in our glasses.
                Our chairs, being his patents, embraced and caressed us rather than submitted
                to be sat upon, and there was that luxurious after-dinner atmosphere,
                when thought runs gracefully free of the trammels of précision.
                And he put it to us in this way — marking the points with a lean forefinger —
                as we sat and lazily admired his earnestness over this new paradox
                and his fecundity. The planet mars was not spoken of.
                """;
    }

    /**
     * Numbered lines, each of which occurs once. They are ASCII: FileStreamSource counts characters when it reads and skips as many
     * bytes when it is restarted.
     */
    static String lines(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj("line %d of a long book that is read line by line%n"::formatted)
                .collect(Collectors.joining());
    }
}
