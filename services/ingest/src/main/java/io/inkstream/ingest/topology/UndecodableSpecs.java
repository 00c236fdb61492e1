package io.inkstream.ingest.topology;

import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.rejection.Reason;
import io.inkstream.platform.registry.Outage;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;

/**
 * Sends a record of the corpora topic that is no CorpusSpec to the dead letters, as Kafka Streams does it; but when
 * the registry cannot be reached, or refuses for instance our credentials, the record is not to blame: it is not passed
 * over.
 */
public final class UndecodableSpecs implements DeserializationExceptionHandler {

    /** Key under which the {@link IngestMeters} are found in the configuration of Kafka Streams. */
    public static final String METERS_CONFIG = "inkstream.ingest.meters";

    private final LogAndContinueExceptionHandler deadLetters = new LogAndContinueExceptionHandler();
    private IngestMeters meters;

    @Override
    public void configure(Map<String, ?> configs) {
        deadLetters.configure(configs);
        meters = (IngestMeters) configs.get(METERS_CONFIG);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        if (Outage.caused(exception) || speaksOfTheRegistry(exception)) {
            return Response.fail();
        }
        if (meters != null) {
            meters.deadLetter(Reason.UNDECODABLE_SPEC);
        }
        return deadLetters.handleError(context, record, exception);
    }

    private static boolean speaksOfTheRegistry(Exception exception) {
        return exception instanceof KafkaException && !(exception instanceof SerializationException);
    }
}
