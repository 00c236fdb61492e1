package io.inkstream.systemtests.processes;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Who owns which partition, as the broker's consumer group of the trainers has it. */
public final class TrainerGroup implements AutoCloseable {

    private final Admin admin;
    private final String group;

    /** The group of the trainers on these topics. */
    public TrainerGroup(Connection connection, TopicNames topics) {
        this.admin = Admin.create(connection.clientProperties());
        this.group = topics.group("trainer");
    }

    /** The name in the fleet of each partition's owner; partitions without an owner are left out. */
    public Map<Integer, String> owners() {
        Map<Integer, String> owners = new TreeMap<>();
        try {
            members().forEach(member -> member.assignment()
                    .topicPartitions()
                    .forEach(partition -> owners.put(partition.partition(), member.clientId())));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) { // no member has joined yet
                throw new AssertionError(e);
            }
        }
        return owners;
    }

    @Override
    public void close() {
        admin.close();
    }

    private Collection<MemberDescription> members() throws InterruptedException, ExecutionException {
        return admin.describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get()
                .members();
    }
}
