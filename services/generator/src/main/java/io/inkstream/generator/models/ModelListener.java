package io.inkstream.generator.models;

/** Is notified of models. */
@FunctionalInterface
public interface ModelListener {

    /** Called when a model was loaded and is served from now on. */
    void loaded(Models models, LoadedModel model);
}
