package io.inkstream.cli.commands;

import io.inkstream.client.text.TextSource;
import io.inkstream.lessons.presets.Book;
import io.inkstream.lessons.presets.BookFile;
import io.inkstream.lessons.presets.OwnText;
import io.inkstream.lessons.presets.Preset;
import io.inkstream.lessons.presets.PresetText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The books that some presets read, checked for existence and readability.
 *
 * @param books by book
 */
record PresetBooks(Map<Book, BookFile> books) {

    PresetBooks {
        books = Map.copyOf(books);
    }

    /**
     * Finds the books before anything is trained.
     *
     * @param find finds the file of a book
     * @throws io.inkstream.platform.InkstreamException if one is missing, or is not a text
     */
    static PresetBooks of(List<Preset> presets, Function<Book, BookFile> find) {
        Map<Book, BookFile> books = new LinkedHashMap<>();
        for (Preset preset : presets) {
            if (preset.text() instanceof Book book && !books.containsKey(book)) {
                BookFile file = find.apply(book);
                TextSource.file(file.path()).check();
                books.put(book, file);
            }
        }
        return new PresetBooks(books);
    }

    /** The text of a preset. */
    TextSource text(PresetText text) {
        return text instanceof Book book
                ? TextSource.file(file(book).path())
                : TextSource.words("the preset's text", ((OwnText) text).words());
    }

    private BookFile file(Book book) {
        BookFile file = books.get(book);
        if (file == null) {
            throw new IllegalArgumentException("%s is not one of these books".formatted(book.title()));
        }
        return file;
    }

    /** A sentence about each book whose file differs from the one that the bounds were measured on. */
    List<String> remarks() {
        return books.values().stream()
                .filter(file -> !file.isTheMeasuredOne())
                .map(file ->
                        "%s (sha1 %s) is not the file of %s that the published figures and the bounds were measured on (sha1 %s)."
                                .formatted(
                                        file.path(),
                                        file.sha1(),
                                        file.book().title(),
                                        file.book().sha1()))
                .sorted()
                .toList();
    }
}
