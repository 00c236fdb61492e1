package io.inkstream.generator.models;

import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.schemas.CheckpointManifest;

/**
 * A model that is served, and its checkpoint.
 *
 * @param corpus the corpus that it was trained on
 * @param manifest of the checkpoint
 * @param decoder of the checkpoint
 */
public record LoadedModel(String corpus, CheckpointManifest manifest, Decoder decoder) {}
