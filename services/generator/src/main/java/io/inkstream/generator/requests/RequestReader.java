package io.inkstream.generator.requests;

import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.schemas.PrefixRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads requests out of records. Safe for use by several threads when the deserializer is. */
public final class RequestReader {

    private static final int DEFAULT_MAX_TOKENS =
            (int) PrefixRequest.getClassSchema().getField("maxTokens").defaultVal();

    /** Requests with other schemas than these count as ones that may wait for the registry. */
    private static final int REMEMBERED = 1000;

    private final Deserializer<PrefixRequest> avro;
    private final LongSupplier seeds;
    private final RequestLimits limits;
    /** Ids of schemas that the deserializer has, and remembers. */
    private final Set<Integer> schemas = ConcurrentHashMap.newKeySet();

    /**
     * A reader.
     *
     * @param avro reads PrefixRequest
     * @param seeds gives a seed to a request that is to be sampled and names none
     * @param limits how much a request may ask for
     */
    public RequestReader(Deserializer<PrefixRequest> avro, LongSupplier seeds, RequestLimits limits) {
        this.avro = avro;
        this.seeds = seeds;
        this.limits = limits;
    }

    /** True when {@link #read} may wait for the registry, as no request with this schema was read yet. */
    public boolean needsRegistry(Envelope envelope) {
        return envelope.format() == RequestFormat.AVRO
                && !schemas.contains(RequestFormat.schemaId(envelope.record().value()));
    }

    /**
     * Reads one request.
     *
     * @throws RequestRefusedException if it is no request or has a parameter that cannot be
     * @throws org.apache.kafka.common.errors.RetriableException if that cannot be told now, as the registry is away
     */
    public Request read(Envelope envelope) {
        return switch (envelope.format()) {
            case AVRO -> avro(envelope.record());
            case PLAIN -> plain(envelope.record());
            case UNKNOWN ->
                throw RequestRefusedException.unreadable(
                        "The record at offset %d of %s-%d is no request: send a PrefixRequest in Avro, or the prefix as UTF-8 text."
                                .formatted(
                                        envelope.record().offset(),
                                        envelope.record().topic(),
                                        envelope.record().partition()),
                        null);
        };
    }

    private Request avro(ConsumerRecord<byte[], byte[]> record) {
        PrefixRequest request;
        try {
            request = avro.deserialize(record.topic(), record.value());
            if (schemas.size() < REMEMBERED) {
                schemas.add(RequestFormat.schemaId(record.value()));
            }
        } catch (SerializationException | ClassCastException e) {
            throw RequestRefusedException.unreadable(
                    "The request at offset %d of %s-%d cannot be read: %s"
                            .formatted(
                                    record.offset(),
                                    record.topic(),
                                    record.partition(),
                                    Excerpt.sentence(e.getMessage())),
                    e);
        }
        return checked(
                request.getCorpus(),
                request.getPrefix(),
                request.getTemperature(),
                () -> options(
                        request.getMaxTokens(),
                        request.getTemperature(),
                        request.getTopK(),
                        request.getTopP(),
                        request.getStop(),
                        request.getSeed()));
    }

    private Request plain(ConsumerRecord<byte[], byte[]> record) {
        PlainParameters parameters = new PlainParameters(record.headers());
        return checked(
                parameters.text("corpus", null),
                new String(record.value(), StandardCharsets.UTF_8),
                0,
                () -> options(
                        parameters.integer("max-tokens", DEFAULT_MAX_TOKENS),
                        parameters.decimal("temperature", 0),
                        parameters.integer("top-k", 0),
                        parameters.decimal("top-p", 1),
                        parameters.texts("stop"),
                        parameters.longInteger("seed", null)));
    }

    private DecodingOptions options(
            int maxTokens, double temperature, int topK, double topP, List<String> stop, Long seed) {
        long drawing = temperature == 0 ? 0 : seed == null ? seeds.getAsLong() : seed;
        return new DecodingOptions(maxTokens, temperature, topK, topP, stop, drawing);
    }

    private Request checked(String corpus, String prefix, double temperature, Supplier<DecodingOptions> parameters) {
        try {
            DecodingOptions options = parameters.get();
            limits.check(prefix, options.maxTokens());
            return new Request(corpus, prefix, options);
        } catch (IllegalArgumentException e) {
            throw new RequestRefusedException(
                    corpus,
                    limits.isTooLong(prefix) ? "" : prefix,
                    temperature,
                    "The request cannot be answered: %s.".formatted(e.getMessage()),
                    e);
        }
    }
}
