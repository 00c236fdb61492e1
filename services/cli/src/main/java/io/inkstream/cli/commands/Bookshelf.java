package io.inkstream.cli.commands;

import io.inkstream.client.text.TextSource;
import io.inkstream.lessons.presets.Book;
import io.inkstream.lessons.presets.BookFile;
import io.inkstream.lessons.presets.Material;
import io.inkstream.lessons.presets.OwnText;
import io.inkstream.lessons.presets.Preset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The books that some presets read, all of them there and readable.
 *
 * @param books by book
 */
record Bookshelf(Map<Book, BookFile> books) {

    Bookshelf {
        books = Map.copyOf(books);
    }

    /**
     * Finds the books before the work begins.
     *
     * @param find finds the file of a book
     * @throws io.inkstream.platform.InkstreamException if one is not there, or is no text
     */
    static Bookshelf of(List<Preset> presets, Function<Book, BookFile> find) {
        Map<Book, BookFile> books = new LinkedHashMap<>();
        for (Preset preset : presets) {
            if (preset.material() instanceof Book book && !books.containsKey(book)) {
                BookFile file = find.apply(book);
                TextSource.file(file.path()).check();
                books.put(book, file);
            }
        }
        return new Bookshelf(books);
    }

    /** The text of a preset. */
    TextSource text(Material material) {
        return material instanceof Book book
                ? TextSource.file(books.get(book).path())
                : TextSource.words("the preset's text", ((OwnText) material).words());
    }

    /** A sentence about each book that is another file than the one that was measured on. */
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
