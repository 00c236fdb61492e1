package io.inkstream.platform.registry;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The registry could not be reached, or answered with server errors, for as long as {@link RegistryConfig#RETRY_TIMEOUT}
 * allows. It says nothing about the record: the catcher must not make a dead letter of it, but stop and read it again.
 */
public final class RegistryUnavailableException extends RetriableException {

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
