package io.inkstream.platform.registry;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RetriableException;

/** Distinguishes temporary failures, which end when a broker or the registry is available again, from permanent ones. */
public final class Outage {

    private static final List<Class<? extends Throwable>> SIGNS = List.of(
            RetriableException.class,
            SocketException.class,
            SocketTimeoutException.class,
            UnknownHostException.class,
            UnresolvedAddressException.class,
            ClosedChannelException.class,
            HttpTimeoutException.class);

    private Outage() {}

    /** True when something in the chain of causes says that another process could not be reached. */
    public static boolean caused(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> SIGNS.stream().anyMatch(sign -> sign.isInstance(cause)));
    }
}
