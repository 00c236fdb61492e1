package io.inkstream.corpuslog.deadletters;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The dead letters of one partition of the tokens and the models topics, from an owner's take-over on. Used by the training
 * thread; the records of the tokens topic are refused on another.
 */
public final class PartitionDeadLetters {

    private final RejectedRecords tokens;
    private final RejectedRecords manifests;
    private final long manifestsRead;

    /**
     * Those of a partition whose manifests were read.
     *
     * @param manifestsRead offset behind the last manifest that was read
     */
    public PartitionDeadLetters(RejectedRecords tokens, RejectedRecords manifests, long manifestsRead) {
        this.tokens = tokens;
        this.manifests = manifests;
        this.manifestsRead = manifestsRead;
    }

    /** True when dead letters wait for a transaction. */
    public boolean waiting() {
        return !tokens.isEmpty() || !manifests.isEmpty();
    }

    /**
     * What the next transaction settles.
     *
     * @param tokensRead offset behind the last token block that was read, and refused if it had to be
     * @param untrained offset of the first token block that no checkpoint covers
     */
    public Settlement settlement(long tokensRead, long untrained) {
        DeadLetterPositions positions =
                new DeadLetterPositions(Math.max(tokens.told(), tokensRead), Math.max(manifests.told(), manifestsRead));
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>(tokens.below(positions.tokens()));
        letters.addAll(manifests.below(positions.models()));
        return new Settlement(letters, positions, untrained);
    }

    /** A transaction with this settlement was committed. */
    public void settled(Settlement settlement) {
        tokens.told(settlement.positions().tokens());
        manifests.told(settlement.positions().models());
    }
}
