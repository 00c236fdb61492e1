package io.inkstream.corpuslog.deadletters;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The dead letters of one partition of the tokens and the models topics since an owner has taken over. Used by the training
 * thread; records of the tokens topic are rejected on another.
 */
public final class PartitionDeadLetters {

    private final RejectedRecords tokens;
    private final RejectedRecords manifests;
    private final long manifestsRead;

    /**
     * The dead letters of a partition whose manifests were read.
     *
     * @param manifestsRead offset behind the last manifest that was read
     */
    public PartitionDeadLetters(RejectedRecords tokens, RejectedRecords manifests, long manifestsRead) {
        this.tokens = tokens;
        this.manifests = manifests;
        this.manifestsRead = manifestsRead;
    }

    /** True when there are dead letters to commit. */
    public boolean pending() {
        return !tokens.isEmpty() || !manifests.isEmpty();
    }

    /**
     * What the next transaction settles.
     *
     * @param tokensRead offset behind the last token block that was read or rejected
     * @param untrained offset of the first token block that no checkpoint covers
     */
    public Settlement settlement(long tokensRead, long untrained) {
        DeadLetterPositions positions = new DeadLetterPositions(
                Math.max(tokens.recordedTo(), tokensRead), Math.max(manifests.recordedTo(), manifestsRead));
        List<ProducerRecord<byte[], byte[]>> deadLetters = new ArrayList<>(tokens.below(positions.tokens()));
        deadLetters.addAll(manifests.below(positions.models()));
        return new Settlement(deadLetters, positions, untrained);
    }

    /** A transaction with this settlement was committed. */
    public void settled(Settlement settlement) {
        tokens.recorded(settlement.positions().tokens());
        manifests.recorded(settlement.positions().models());
    }
}
