package io.inkstream.platform.registry;

import org.apache.kafka.common.KafkaException;

/** The registry rejected a request; repeating it would not help. */
public final class RegistryException extends KafkaException {

    /** The error code with which a registry says that it has no such subject. */
    public static final int SUBJECT_NOT_FOUND = 40401;

    /** The error code with which a registry says that it has no such version. */
    public static final int VERSION_NOT_FOUND = 40402;

    /** The error code with which a registry says that it has no such schema. */
    public static final int SCHEMA_NOT_FOUND = 40403;

    private final int status;
    private final int errorCode;

    RegistryException(String message, int status, int errorCode) {
        super(message);
        this.status = status;
        this.errorCode = errorCode;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The registry's own error code, for instance 40403; the HTTP status where the answer had none. */
    public int errorCode() {
        return errorCode;
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
