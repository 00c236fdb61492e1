package io.inkstream.platform.registry;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads out of the exceptions of Confluent's serde, against which nothing here is compiled, what the registry has answered. Its client
 * throws an exception with status and error code; where its serde drops that one, the error code is at the end of the message.
 */
final class SerdeRejection {

    private static final String CONFLUENTS =
            "io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException";

    private static final Pattern ERROR_CODE = Pattern.compile("(.*); error code: (\\d{3})\\d{0,2}", Pattern.DOTALL);

    private SerdeRejection() {}

    /**
     * The rejection in a chain of causes; empty if the registry has nothing to do with the failure.
     *
     * @param registryUrl where the registry is, for the message
     */
    static Optional<RegistryException> in(RuntimeException failure, String registryUrl) {
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .flatMap(cause -> of(cause, registryUrl).stream())
                .findFirst();
    }

    private static Optional<RegistryException> of(Throwable cause, String registryUrl) {
        if (cause.getClass().getName().equals(CONFLUENTS)) {
            try {
                int status = (int) cause.getClass().getMethod("getStatus").invoke(cause);
                int code = (int) cause.getClass().getMethod("getErrorCode").invoke(cause);
                return Optional.of(rejection(cause, status, code, registryUrl));
            } catch (ReflectiveOperationException | ClassCastException e) {
                // Another version's exception: its message has the code.
                cause.addSuppressed(e);
            }
        }
        Matcher message = ERROR_CODE.matcher(String.valueOf(cause.getMessage()));
        return message.matches()
                ? Optional.of(rejection(cause, Integer.parseInt(message.group(2)), code(message), registryUrl))
                : Optional.empty();
    }

    private static int code(Matcher message) {
        return Integer.parseInt(message.group().substring(message.start(2)));
    }

    private static RegistryException rejection(Throwable cause, int status, int code, String registryUrl) {
        Matcher message = ERROR_CODE.matcher(String.valueOf(cause.getMessage()));
        String answer = message.matches() ? message.group(1) : String.valueOf(cause.getMessage());
        return RegistryException.rejected("a request to " + registryUrl, status, code, answer, cause);
    }
}
