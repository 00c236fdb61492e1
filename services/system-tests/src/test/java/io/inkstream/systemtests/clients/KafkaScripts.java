package io.inkstream.systemtests.clients;

import java.nio.file.Path;
import java.util.Map;

/** The scripts of a Kafka distribution, from the same classes on Maven Central. */
final class KafkaScripts {

    private static final Map<String, String> MAIN_CLASSES = Map.of(
            "kafka-console-producer.sh", "org.apache.kafka.tools.ConsoleProducer",
            "kafka-console-consumer.sh", "org.apache.kafka.tools.consumer.ConsoleConsumer",
            "connect-standalone.sh", "org.apache.kafka.connect.cli.ConnectStandalone",
            "connect-distributed.sh", "org.apache.kafka.connect.cli.ConnectDistributed");

    private KafkaScripts() {}

    /** Makes the scripts available in a shell. */
    static Shell in(Shell shell) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        MAIN_CLASSES.forEach((name, mainClass) -> shell.program(
                name,
                "exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -cp '%s' %s \"$@\""
                        .formatted(java, System.getProperty("java.class.path"), mainClass)));
        return shell;
    }
}
