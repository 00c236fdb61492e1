package io.inkstream.platform.lifecycle;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.FencedInstanceIdException;

/** Says in a few words why a service is broken for good. */
public final class Breakdown {

    private Breakdown() {}

    /**
     * What its health says.
     *
     * @param service its name
     * @param connection with the name of its instance, if it has one
     * @param failure what ended it
     */
    public static Health of(String service, Connection connection, Throwable failure) {
        boolean fenced = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(FencedInstanceIdException.class::isInstance);
        return Health.down(
                fenced
                        ? "Another %s has joined as instance '%s' and has taken over from this one: give each an --instance of its own."
                                .formatted(service, connection.instance().orElse(""))
                        : String.valueOf(ours(failure).getMessage()));
    }

    /** What Inkstream itself says of it, in a sentence; else what there is. */
    private static Throwable ours(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(InkstreamException.class::isInstance)
                .findFirst()
                .orElse(failure);
    }
}
