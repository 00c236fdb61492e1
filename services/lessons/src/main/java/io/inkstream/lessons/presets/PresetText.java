package io.inkstream.lessons.presets;

/** The text of a preset: a book that the user supplies, or a few words of its own. */
public sealed interface PresetText permits Book, OwnText {}
