package io.inkstream.systemtests.processes;

import io.inkstream.platform.config.Connection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Lets the committed offsets of a consumer group go, as Kafka does when a group was empty for longer than it keeps them. */
public final class GroupOffsets {

    private static final int TIMEOUT_MILLIS = 1_000;

    private GroupOffsets() {}

    /** Tries it; false when it cannot be done at this moment: members are still there, or the broker is not. */
    public static boolean delete(Connection connection, String group) {
        var properties = connection.clientProperties();
        properties.put("request.timeout.ms", TIMEOUT_MILLIS);
        properties.put("default.api.timeout.ms", TIMEOUT_MILLIS);
        try (Admin admin = Admin.create(properties)) {
            admin.deleteConsumerGroups(List.of(group)).all().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof GroupIdNotFoundException; // nothing is left of it
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
