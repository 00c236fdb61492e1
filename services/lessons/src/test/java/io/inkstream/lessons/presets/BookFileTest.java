package io.inkstream.lessons.presets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.inkstream.testsupport.Books;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BookFileTest {

    @TempDir
    Path folder;

    @Test
    void aMissingBookIsNamedWithItsOrigin() {
        assertThatThrownBy(() -> BookFile.in(folder, Book.WAR_OF_THE_WORLDS))
                .hasMessageStartingWith(
                        "There is no readable file %s".formatted(folder.resolve("war_of_the_worlds.txt")))
                .hasMessageContaining("H. G. Wells, The War of the Worlds")
                .hasMessageContaining("number 36")
                .hasMessageContaining("7bff9bf79ddba08d998266e385d72c7d554cf4a2")
                .hasMessageContaining("--books");
    }

    @Test
    void anotherFileIsTakenButKnown() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("mine.txt"), "abc");

        // When
        BookFile book = BookFile.of(Book.TIME_MACHINE, file);

        // Then
        assertThat(book.sha1()).isEqualTo("a9993e364706816aba3e25717850c26c9cd0d89d"); // FIPS 180, of abc
        assertThat(book.isTheMeasuredOne()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void theBooksBesideTheProjectAreTheMeasuredOnes(Book book) {
        Path books = Books.folder();
        assumeTrue(Files.isDirectory(books), "There is no " + books);
        assertThat(BookFile.in(books, book).isTheMeasuredOne()).isTrue();
    }
}
