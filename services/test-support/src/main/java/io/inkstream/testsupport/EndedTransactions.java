package io.inkstream.testsupport;

import static org.awaitility.Awaitility.await;

import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * Transactions that were committed or aborted. A producer's call returns as soon as the end of its transaction is
 * decided; the broker writes the markers afterwards, and until then whoever reads committed records sees none of it.
 */
public final class EndedTransactions {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private EndedTransactions() {}

    /** Waits until the broker has written the markers of all transactions whose end is decided. */
    public static void awaitMarkers(Connection connection) {
        ListTransactionsOptions undone = new ListTransactionsOptions()
                .filterStates(Set.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT));
        try (Admin admin = Admin.create(connection.clientProperties())) {
            await("markers of transactions")
                    .atMost(TIMEOUT)
                    .pollDelay(Duration.ZERO)
                    .until(() -> admin.listTransactions(undone).all().get().isEmpty());
        }
    }
}
