package io.inkstream.generator.requests;

import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.schemas.PrefixRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Parses requests. Safe for use by several threads if the deserializer is. */
public final class RequestReader {

    private static final int DEFAULT_MAX_TOKENS =
            (int) PrefixRequest.getClassSchema().getField("maxTokens").defaultVal();

    /** Requests with a schema that is not remembered may wait for the registry. */
    private static final int MAX_REMEMBERED = 1000;

    private final Deserializer<PrefixRequest> avro;
    private final LongSupplier seeds;
    private final RequestLimits limits;
    /** Ids of schemas that the deserializer has loaded. */
    private final Set<Integer> schemas = ConcurrentHashMap.newKeySet();

    /**
     * A reader.
     *
     * @param avro reads PrefixRequest
     * @param seeds supplies the seed of a sampled request without one
     * @param limits of a request
     */
    public RequestReader(Deserializer<PrefixRequest> avro, LongSupplier seeds, RequestLimits limits) {
        this.avro = avro;
        this.seeds = seeds;
        this.limits = limits;
    }

    /** True when {@link #read} may wait for the registry, because no request with this schema was read yet. */
    public boolean needsRegistry(RequestRecord request) {
        return request.format() == RequestFormat.AVRO
                && !schemas.contains(RequestFormat.schemaId(request.record().value()));
    }

    /**
     * Parses one request.
     *
     * @throws UnreadableRequestException if the record is not a request
     * @throws InvalidRequestException if it has a parameter that is not valid or beyond a limit
     * @throws org.apache.kafka.common.errors.RetriableException if the registry is unavailable
     */
    public Request read(RequestRecord request) {
        return switch (request.format()) {
            case AVRO -> avro(request.record());
            case PLAIN -> plain(request.record());
            case UNKNOWN ->
                throw new UnreadableRequestException(
                        "The record at offset %d of %s-%d is not a request: send a PrefixRequest in Avro, or the prefix as UTF-8 text."
                                .formatted(
                                        request.record().offset(),
                                        request.record().topic(),
                                        request.record().partition()));
        };
    }

    private Request avro(ConsumerRecord<byte[], byte[]> record) {
        PrefixRequest request;
        try {
            request = avro.deserialize(record.topic(), record.value());
            if (schemas.size() < MAX_REMEMBERED) {
                schemas.add(RequestFormat.schemaId(record.value()));
            }
        } catch (SerializationException | ClassCastException e) {
            throw new UnreadableRequestException(
                    "The request at offset %d of %s-%d cannot be read: %s"
                            .formatted(
                                    record.offset(),
                                    record.topic(),
                                    record.partition(),
                                    Truncation.sentence(String.valueOf(e.getMessage()))),
                    e);
        }
        return checked(
                Optional.of(request.getCorpus()),
                request.getPrefix(),
                request.getTemperature(),
                () -> options(
                        request.getMaxTokens(),
                        request.getTemperature(),
                        request.getTopK(),
                        request.getTopP(),
                        request.getStop(),
                        Optional.ofNullable(request.getSeed())));
    }

    private Request plain(ConsumerRecord<byte[], byte[]> record) {
        PlainParameters parameters = new PlainParameters(record.headers());
        return checked(
                parameters.text("corpus"),
                new String(record.value(), StandardCharsets.UTF_8),
                0,
                () -> options(
                        parameters.integer("max-tokens", DEFAULT_MAX_TOKENS),
                        parameters.decimal("temperature", 0),
                        parameters.integer("top-k", 0),
                        parameters.decimal("top-p", 1),
                        parameters.texts("stop"),
                        parameters.longInteger("seed")));
    }

    private DecodingOptions options(
            int maxTokens, double temperature, int topK, double topP, List<String> stop, Optional<Long> seed) {
        long used = temperature == 0 ? 0 : seed.orElseGet(seeds::getAsLong);
        return new DecodingOptions(maxTokens, temperature, topK, topP, stop, used);
    }

    private Request checked(
            Optional<String> corpus, String prefix, double temperature, Supplier<DecodingOptions> parameters) {
        try {
            DecodingOptions options = parameters.get();
            limits.check(prefix, options.maxTokens());
            return new Request(corpus, prefix, options);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    corpus,
                    limits.isTooLong(prefix) ? "" : prefix,
                    temperature,
                    "The request cannot be answered: %s.".formatted(e.getMessage()),
                    e);
        }
    }
}
