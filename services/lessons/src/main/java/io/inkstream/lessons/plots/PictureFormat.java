package io.inkstream.lessons.plots;

import io.inkstream.platform.InkstreamException;
import java.nio.file.Path;
import java.util.Locale;

/** What a picture can be written as; the ending of its file's name decides. */
enum PictureFormat {
    /** Lines and text, to be scaled as one likes. */
    SVG,
    /** Pixels. */
    PNG;

    /**
     * The format of a file of this name.
     *
     * @throws InkstreamException if its ending is neither {@code .svg} nor {@code .png}
     */
    static PictureFormat of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        for (PictureFormat format : values()) {
            if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                return format;
            }
        }
        throw new InkstreamException("%s would be no picture: name a file that ends in .svg or .png.".formatted(file));
    }
}
