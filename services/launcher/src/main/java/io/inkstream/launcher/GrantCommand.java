package io.inkstream.launcher;

import io.inkstream.corpuslog.topics.Permissions;
import io.inkstream.launcher.options.ConnectionOptions;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.cluster.Cluster;
import io.inkstream.platform.config.Connection;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Sets up who may do what, as {@code users.sh} and {@code acls.sh} do with Kafka's tools. Those start a Java process for each line;
 * a stack that is set up whenever it starts has one for all.
 */
@Command(
        name = "grant",
        description = "Give users their passwords, and each of them the permissions that it needs, and end.")
public final class GrantCommand implements Callable<Integer> {

    private static final String PASSWORDS = ".scram";
    private static final String PASSWORD = "SCRAM-SHA-512=password=";
    private static final int ITERATIONS = 4096;

    @Mixin
    private ConnectionOptions connectionOptions;

    @Option(
            names = "--passwords",
            paramLabel = "FOLDER",
            required = true,
            description = "What credentials.sh has made: USER.scram is the password of USER.")
    private Path folder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<UserScramCredentialAlteration> passwords = passwords();
        Connection connection = connectionOptions.reachableConnection();
        try (Admin admin = Cluster.admin(connection)) {
            await(connection, admin.alterUserScramCredentials(passwords).all());
            await(connection, admin.createAcls(permissions()).all());
        }
        return 0;
    }

    private List<UserScramCredentialAlteration> passwords() throws IOException {
        List<UserScramCredentialAlteration> passwords = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + PASSWORDS)) {
            for (Path file : files) {
                String user = file.getFileName().toString().replace(PASSWORDS, "");
                String line = Files.readString(file).strip();
                if (!line.startsWith(PASSWORD)) {
                    throw new InkstreamException(
                            "%s does not begin with %s: make it with credentials.sh.".formatted(file, PASSWORD));
                }
                passwords.add(new UserScramCredentialUpsertion(
                        user,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
                        line.substring(PASSWORD.length())));
            }
        }
        if (passwords.isEmpty()) {
            throw new InkstreamException(
                    "There is no file *%s in %s: make them with credentials.sh.".formatted(PASSWORDS, folder));
        }
        return passwords;
    }

    private List<AclBinding> permissions() {
        return Permissions.lines().stream()
                .map(columns -> columns[0])
                .distinct()
                .flatMap(this::permissions)
                .toList();
    }

    private Stream<AclBinding> permissions(String principal) {
        return Permissions.of(connectionOptions.topics(), principal).stream()
                .flatMap(permission -> permission.operations().stream()
                        .map(operation -> new AclBinding(
                                permission.resource(),
                                new AccessControlEntry("User:" + principal, "*", operation, AclPermissionType.ALLOW))));
    }

    private static void await(Connection connection, KafkaFuture<Void> done) throws InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            throw Cluster.unreachable(connection, e);
        }
    }
}
