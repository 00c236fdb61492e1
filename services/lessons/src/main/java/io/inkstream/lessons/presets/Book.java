package io.inkstream.lessons.presets;

/** The books that presets read. Inkstream ships none of them. */
public enum Book implements PresetText {
    /** The very file of the published results: {@code timemachine.txt} of <a href="https://d2l.ai">Dive into Deep Learning</a>. */
    TIME_MACHINE(
            "time_machine.txt",
            "H. G. Wells, The Time Machine",
            "Project Gutenberg has it as number 35; the published results were measured on timemachine.txt of d2l.ai",
            "090b5e7e70c295757f55df93cb0a180b9691891a"),
    WAR_OF_THE_WORLDS(
            "war_of_the_worlds.txt",
            "H. G. Wells, The War of the Worlds",
            "Project Gutenberg has it as number 36, in UTF-8",
            "7bff9bf79ddba08d998266e385d72c7d554cf4a2"),
    /** In place of song lyrics that are not free to use. */
    TANG_POEMS(
            "tang_poems.txt",
            "366 poems of the Tang dynasty",
            "the poems of the Tang dynasty are free, for instance on Wikisource: one couplet a line, in UTF-8",
            "9290f91806e75b29d185616bfcf5b9add37a9e1e");

    private final String fileName;
    private final String title;
    private final String origin;
    private final String sha1;

    Book(String fileName, String title, String origin, String sha1) {
        this.fileName = fileName;
        this.title = title;
        this.origin = origin;
        this.sha1 = sha1;
    }

    /** What its file is called in a folder of books. */
    public String fileName() {
        return fileName;
    }

    /** Author and title. */
    public String title() {
        return title;
    }

    /** Where one gets it: part of a sentence. */
    public String origin() {
        return origin;
    }

    /** SHA-1 of the file that the figures were measured on, in lower-case hexadecimal. */
    public String sha1() {
        return sha1;
    }
}
