package io.inkstream.platform.registry;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The registry rejected a request; repeating it would not help. */
public class RegistryException extends KafkaException {

    /** The error code with which a registry says that it has no such subject. */
    public static final int SUBJECT_NOT_FOUND = 40401;

    /** The error code with which a registry says that it has no such version. */
    public static final int VERSION_NOT_FOUND = 40402;

    /** The error code with which a registry says that it has no such schema. */
    public static final int SCHEMA_NOT_FOUND = 40403;

    private final int status;
    private final int errorCode;

    RegistryException(String message, int status, int errorCode) {
        this(message, status, errorCode, null);
    }

    RegistryException(String message, int status, int errorCode, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.errorCode = errorCode;
    }

    /**
     * The registry's answer to a request, and what to do about it.
     *
     * @param request what was rejected
     * @param answer what the registry said
     */
    static RegistryException rejected(
            String request, int status, int errorCode, String answer, @Nullable Throwable cause) {
        boolean denied = status == 401 || status == 403;
        String advice = denied
                ? "%s Check the credentials (%s, %s)."
                        .formatted(
                                answer.endsWith(".") ? "" : ".",
                                RegistryConfig.CREDENTIALS_SOURCE,
                                RegistryConfig.USER_INFO)
                : "";
        String message = "The schema registry rejected %s with status %d, error code %d%s%s"
                .formatted(request, status, errorCode, answer.isBlank() ? "" : ": " + answer, advice);
        return denied
                ? new RegistryAccessException(message, status, errorCode, cause)
                : new RegistryException(message, status, errorCode, cause);
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The registry's own error code, for instance 40403; the HTTP status where the answer had none. */
    public int errorCode() {
        return errorCode;
    }

    /** Whether a later attempt may succeed: a server error, a timeout, or too many requests. */
    boolean isTemporary() {
        return status >= 500 || status == 408 || status == 429;
    }

    /** Whether the registry itself, and not something on the way to it, says that what was requested does not exist. */
    boolean isNotFound() {
        return errorCode == SUBJECT_NOT_FOUND || errorCode == VERSION_NOT_FOUND || errorCode == SCHEMA_NOT_FOUND;
    }

    /** Whether the registry rejects the schema itself. */
    boolean isSchemaRejected() {
        return status == 409 || status == 422;
    }
}
