package io.inkstream.lessons.presets;

/**
 * A text that is part of the preset.
 *
 * @param words the text
 */
public record OwnText(String words) implements PresetText {

    public OwnText {
        if (words.isBlank()) {
            throw new IllegalArgumentException("A preset's own text must have words in it");
        }
    }
}
