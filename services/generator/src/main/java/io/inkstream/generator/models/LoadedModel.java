package io.inkstream.generator.models;

import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.schemas.CheckpointManifest;

/**
 * A model that can generate, and the checkpoint that it came from.
 *
 * @param corpus the corpus that it was trained on
 * @param manifest of the checkpoint
 * @param decoder made from it
 */
public record LoadedModel(String corpus, CheckpointManifest manifest, Decoder decoder) {}
