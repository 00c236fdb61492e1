package io.inkstream.platform.registry;

import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The calls of a serde, whichever is configured, so that an exception says whose fault a failure is. Serdes differ: some report an
 * unavailable registry, or wrong credentials, as they report a broken record, and some broken records by any exception.
 *
 * <ul>
 *   <li>{@link SerializationException}: the record's, or its schema's;
 *   <li>{@link RegistryUnavailableException}: the registry is unavailable, which is reported to the {@link RegistryContact} as well;
 *   <li>{@link RegistryException}: the registry rejects what no record can change, for instance the credentials.
 * </ul>
 */
final class SerdeCalls {

    private final String registryUrl;
    private final RegistryContact contact;

    /** Whether the last call that needed the registry was in vain. */
    private volatile boolean unanswered;

    SerdeCalls(String registryUrl, RegistryContact contact) {
        this.registryUrl = registryUrl;
        this.contact = contact;
    }

    /**
     * Makes a call.
     *
     * @param topic the record's topic, for messages
     * @param verb what cannot be done with the record if the call fails: {@code read} or {@code written}
     */
    <V> V call(String topic, String verb, Supplier<V> work) {
        try {
            V result = work.get();
            if (unanswered) {
                unanswered = false;
                contact.answered();
            }
            return result;
        } catch (RegistryUnavailableException | RegistryException e) {
            // From Inkstream's own serde, which reports to the contact by itself.
            throw e;
        } catch (RuntimeException e) {
            throw explained("A record of topic %s cannot be %s".formatted(topic, verb), e);
        }
    }

    private RuntimeException explained(String what, RuntimeException failure) {
        if (Outage.caused(failure)) {
            return unavailable(what, failure);
        }
        return SerdeRejection.in(failure, registryUrl)
                .<RuntimeException>map(rejection -> {
                    if (rejection.isTemporary()) {
                        return unavailable(what, failure);
                    }
                    return rejection.isNotFound() || rejection.isSchemaRejected()
                            ? new SerializationException("%s: %s".formatted(what, rejection.getMessage()), rejection)
                            : rejection;
                })
                .orElseGet(() -> failure instanceof KafkaException
                        ? failure
                        : new SerializationException("%s: %s".formatted(what, failure), failure));
    }

    private RegistryUnavailableException unavailable(String what, RuntimeException failure) {
        unanswered();
        return new RegistryUnavailableException(
                "%s now: the schema registry at %s does not answer.".formatted(what, registryUrl), failure);
    }

    private void unanswered() {
        unanswered = true;
        contact.unanswered(registryUrl);
    }
}
