package io.inkstream.languagemodel.network;

import java.util.Map;

/** Looks up tensors by name, on the heap or on a device. */
public final class NamedTensors {

    private NamedTensors() {}

    /**
     * The tensor with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static <T> T get(Map<String, T> tensors, String name) {
        T tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("Parameter %s is missing".formatted(name));
        }
        return tensor;
    }
}
