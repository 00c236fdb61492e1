package io.inkstream.languagemodel.engine;

/** An engine is not available on this machine; the message says why, without a full stop. */
public final class EngineUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public EngineUnavailableException(String message) {
        super(message);
    }

    public EngineUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
