package io.inkstream.platform.lifecycle;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.access.Permission;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RegistryException;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.SerializationException;

/** Describes why a service has failed for good. */
public final class Breakdown {

    private Breakdown() {}

    /**
     * The health of a service that has failed. Where access was denied, the brokers are asked which, so it is called once.
     *
     * @param service its name
     * @param connection with the name of its instance, if it has one
     * @param needed what the service needs to be permitted
     * @param failure what ended it
     */
    public static Health of(String service, Connection connection, Collection<Permission> needed, Throwable failure) {
        return new AccessFailures(connection, needed)
                .explain(failure)
                .map(denied -> Health.down(String.valueOf(denied.getMessage())))
                .orElseGet(() -> other(service, connection, failure));
    }

    private static Health other(String service, Connection connection, Throwable failure) {
        boolean fenced = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(FencedInstanceIdException.class::isInstance);
        return Health.down(
                fenced
                        ? "Another %s has joined as instance '%s' and has taken over from this one: give each an --instance of its own."
                                .formatted(service, connection.instance().orElse(""))
                        : String.valueOf(ours(failure).getMessage()));
    }

    /** The first cause that says in a sentence what is wrong; else the failure itself. */
    private static Throwable ours(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(cause -> cause instanceof InkstreamException
                        || cause instanceof RegistryException
                        || cause instanceof SerializationException)
                .findFirst()
                .orElse(failure);
    }
}
