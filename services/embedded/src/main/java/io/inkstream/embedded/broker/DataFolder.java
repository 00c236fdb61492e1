package io.inkstream.embedded.broker;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A broker's folder, held by one instance at a time. The operating system releases it when the process dies. */
final class DataFolder implements AutoCloseable {

    private static final String LOCK_FILE = "inkstream.lock";

    private final Path folder;
    private final FileChannel channel;

    private DataFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Creates the folder if it is missing, and locks it.
     *
     * @throws InkstreamException if it is not usable, or in use
     */
    static DataFolder lock(Path folder) {
        create(folder);
        FileChannel channel = openLockFile(folder);
        try {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return new DataFolder(folder, channel);
            }
        } catch (IOException e) {
            closeAfter(e, channel);
            throw new InkstreamException(
                    "The data folder %s cannot be locked (%s): use a folder on a local disk.".formatted(folder, e), e);
        }
        InkstreamException inUse = new InkstreamException(
                "The data folder %s is in use by another running instance: stop that one, or choose another folder with --data DIR."
                        .formatted(folder));
        closeAfter(inUse, channel);
        throw inUse;
    }

    /** Where Kafka keeps its logs: a folder of its own, as it regards every folder in there as a partition. */
    Path logs() {
        return folder.resolve("kafka");
    }

    Path path() {
        return folder;
    }

    /** Releases the folder. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new InkstreamException("The data folder %s cannot be released (%s).".formatted(folder, e), e);
        }
    }

    private static void create(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InkstreamException(
                    "The data folder %s is a file: choose a folder with --data DIR.".formatted(folder));
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InkstreamException(
                    "The data folder %s cannot be created (%s): choose another one with --data DIR."
                            .formatted(folder, e),
                    e);
        }
    }

    private static FileChannel openLockFile(Path folder) {
        try {
            return FileChannel.open(folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new InkstreamException(
                    "The data folder %s is not writable (%s): fix its permissions, or choose another one with --data DIR."
                            .formatted(folder, e),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    private static void closeAfter(Exception failure, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
