package io.inkstream.embedded.registry;

/** A request that the registry rejects, with the status and error code of Confluent's registry. */
final class RegistryError extends RuntimeException {

    private final int status;
    private final int code;

    RegistryError(int status, int code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    static RegistryError subjectNotFound(String subject) {
        return new RegistryError(404, 40401, "Subject '%s' not found.".formatted(subject));
    }

    static RegistryError versionNotFound(int version) {
        return new RegistryError(404, 40402, "Version %d not found.".formatted(version));
    }

    static RegistryError schemaNotFound() {
        return new RegistryError(404, 40403, "Schema not found");
    }

    static RegistryError subjectAlreadyDeleted(String subject) {
        return new RegistryError(
                404,
                40404,
                "Subject '%s' is deleted already; repeat with permanent=true to remove it for good."
                        .formatted(subject));
    }

    static RegistryError subjectNotDeletedFirst(String subject) {
        return new RegistryError(
                404,
                40405,
                "Subject '%s' must be deleted before it can be removed for good: delete it without permanent=true first."
                        .formatted(subject));
    }

    static RegistryError versionAlreadyDeleted(String subject, int version) {
        return new RegistryError(
                404,
                40406,
                "Version %d of subject '%s' is deleted already; repeat with permanent=true to remove it for good."
                        .formatted(version, subject));
    }

    static RegistryError versionNotDeletedFirst(String subject, int version) {
        return new RegistryError(
                404,
                40407,
                "Version %d of subject '%s' must be deleted before it can be removed for good: delete it without permanent=true first."
                        .formatted(version, subject));
    }

    static RegistryError noLevelOfItsOwn(String subject) {
        return new RegistryError(
                404,
                40408,
                "Subject '%s' has no compatibility level of its own; use defaultToGlobal=true for the one that applies."
                        .formatted(subject));
    }

    static RegistryError noModeOfItsOwn(String subject) {
        return new RegistryError(
                404,
                40409,
                "Subject '%s' has no mode of its own; use defaultToGlobal=true for the one that applies."
                        .formatted(subject));
    }

    static RegistryError incompatible(String message) {
        return new RegistryError(409, 409, message);
    }

    static RegistryError invalidSchema(String message) {
        return new RegistryError(422, 42201, message);
    }

    static RegistryError invalidVersion(String version) {
        return new RegistryError(
                422, 42202, "'%s' is not a version: give a number from 1 to 2147483647, or latest.".formatted(version));
    }

    static RegistryError invalidLevel() {
        return new RegistryError(
                422,
                42203,
                "Not a compatibility level: give NONE, BACKWARD, FORWARD or FULL, or one of the last three with"
                        + " _TRANSITIVE.");
    }

    static RegistryError invalidMode() {
        return new RegistryError(422, 42204, "Not a mode of this registry: give READWRITE or READONLY.");
    }

    static RegistryError readOnly(String subject) {
        return notPermitted("Subject %s is in read-only mode: set mode READWRITE first.".formatted(subject));
    }

    static RegistryError readOnly() {
        return notPermitted("The registry is in read-only mode: set mode READWRITE first.");
    }

    static RegistryError notPermitted(String message) {
        return new RegistryError(422, 42205, message);
    }

    static RegistryError invalidSubject(String subject) {
        return new RegistryError(
                422, 42208, "'%s' is not a subject name: it is empty or has control characters.".formatted(subject));
    }

    static RegistryError storeFailed(String message) {
        return new RegistryError(500, 50001, message);
    }
}
