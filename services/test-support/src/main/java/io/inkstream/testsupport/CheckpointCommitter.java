package io.inkstream.testsupport;

import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.ManifestDraft;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.checkpoints.TransactionTimeout;
import io.inkstream.corpuslog.deadletters.DeadLetterPositions;
import io.inkstream.corpuslog.deadletters.Settlement;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Commits a large checkpoint and reads it back, in a process whose heap is small. Prints how many bytes it read. */
public final class CheckpointCommitter {

    private CheckpointCommitter() {}

    /** Arguments: bootstrap servers, registry, topic prefix, bytes of the checkpoint. */
    public static void main(String[] args) {
        Connection connection = new Connection(args[0], args[1]);
        TopicNames topics = new TopicNames(args[2]);
        long bytes = Long.parseLong(args[3]);
        CheckpointManifest committed;
        TransactionTimeout timeout = TransactionTimeout.configured(connection).forBytes(bytes);
        try (CheckpointTransactions transactions = new CheckpointTransactions(connection, topics, 0, timeout)) {
            committed = transactions.commitCheckpoint(
                    checkpoint(bytes),
                    new Settlement(List.of(), new DeadLetterPositions(0, 0), 0),
                    TokenTopic.groupMetadata(connection, topics));
        }
        long read = new CheckpointReader(connection, topics).read("large", committed, (file, size) -> count(file));
        System.out.println(read);
    }

    /** The same in another process. */
    public static Process spawn(Connection connection, TopicNames topics, long bytes, int heapMegabytes)
            throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heapMegabytes + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CheckpointCommitter.class.getName(),
                        connection.bootstrapServers(),
                        connection.schemaRegistryUrl(),
                        topics.prefix(),
                        Long.toString(bytes))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** A checkpoint of this many bytes, which are generated as they are written. */
    public static PreparedCheckpoint checkpoint(long bytes) {
        CheckpointManifest.Builder manifest = CheckpointManifest.newBuilder()
                .setWeightsSha256("")
                .setNumber(0)
                .setSlot(0)
                .setStep(1)
                .setEpoch(1)
                .setTokensTrained(1)
                .setFinished(false)
                .setVocabularySize(2)
                .setSpec(new CorpusSpec(TokenizerKind.CHARACTERS, NormalizerKind.LETTERS, false, List.of(), null))
                .setDevice("cpu")
                .setThreads(1)
                .setCreatedAt(Instant.EPOCH);
        return new PreparedCheckpoint(
                "large",
                out -> {
                    byte[] piece = new byte[64 * 1024];
                    for (long left = bytes; left > 0; left -= piece.length) {
                        piece[(int) (left % piece.length)]++;
                        out.write(piece, 0, (int) Math.min(piece.length, left));
                    }
                },
                bytes,
                ManifestDraft.of(manifest),
                List.of(),
                sha256 -> {});
    }

    private static long count(InputStream file) throws IOException {
        byte[] piece = new byte[64 * 1024];
        long bytes = 0;
        for (int read = file.read(piece); read >= 0; read = file.read(piece)) {
            bytes += read;
        }
        return bytes;
    }
}
