package io.inkstream.lessons.presets;

/** What a preset reads: a book of the user's, or a few words of its own. */
public sealed interface Material permits Book, OwnText {}
