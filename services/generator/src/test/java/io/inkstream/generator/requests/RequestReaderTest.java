package io.inkstream.generator.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.schemas.PrefixRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

class RequestReaderTest {

    private static final long CHOSEN = 77;

    @Test
    void aPlainRequestWithoutHeadersHasTheDefaults() {
        // When
        Request request = plain("time tra");

        // Then
        assertThat(request).isEqualTo(new Request(Optional.empty(), "time tra", DecodingOptions.greedy(50)));
    }

    @Test
    void aPlainRequestHasItsParametersInTheHeaders() {
        // When
        Request request = plain(
                "time tra",
                "inkstream.corpus",
                "wells",
                "inkstream.max-tokens",
                " 9 ",
                "inkstream.temperature",
                "0.7",
                "inkstream.top-k",
                "5",
                "inkstream.top-p",
                "0.9",
                "inkstream.stop",
                "end",
                "inkstream.stop",
                "fin",
                "inkstream.seed",
                "-3");

        // Then
        assertThat(request)
                .isEqualTo(new Request(
                        Optional.of("wells"),
                        "time tra",
                        new DecodingOptions(9, 0.7, 5, 0.9, List.of("end", "fin"), -3)));
    }

    @Test
    void aSampledRequestWithoutASeedGetsOne() {
        assertThat(plain("x", "inkstream.temperature", "1").options().seed()).isEqualTo(CHOSEN);
        assertThat(avro(request().setTemperature(1).build()).options().seed()).isEqualTo(CHOSEN);
        assertThat(avro(request().setTemperature(1).setSeed(5L).build())
                        .options()
                        .seed())
                .isEqualTo(5);
    }

    @Test
    void readsAnAvroRequest() {
        // When
        Request request = avro(request().setMaxTokens(3).setStop(List.of("z")).build());

        // Then
        assertThat(request)
                .isEqualTo(new Request(Optional.of("wells"), "time", new DecodingOptions(3, 0, 0, 1, List.of("z"), 0)));
    }

    @Test
    void rejectsAnInvalidParameterByName() {
        assertThatThrownBy(() -> plain("x", "inkstream.max-tokens", "many"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("inkstream.max-tokens")
                .hasMessageContaining("'many'");
        assertThatThrownBy(() -> plain("x", "inkstream.temperature", "NaN")).hasMessageContaining("temperature");
        assertThatThrownBy(() -> plain("x", "inkstream.stop", "")).hasMessageContaining("stop string");
        InvalidRequestException rejected = catchThrowableOfType(
                InvalidRequestException.class,
                () -> avro(request().setTopP(0).setTemperature(2).build()));
        assertThat(rejected).hasMessageContaining("topP");
        assertThat(rejected.corpus()).contains("wells");
        assertThat(rejected.prefix()).isEqualTo("time");
        assertThat(rejected.temperature()).isEqualTo(2);
    }

    @Test
    void rejectsRequestsBeyondTheLimits() {
        // When
        InvalidRequestException longPrefix =
                catchThrowableOfType(InvalidRequestException.class, () -> plain("\uD83D\uDE00".repeat(21)));
        InvalidRequestException manyTokens = catchThrowableOfType(
                InvalidRequestException.class,
                () -> avro(request().setMaxTokens(1001).build()));

        // Then
        assertThat(plain("\uD83D\uDE00".repeat(20)).prefix()).hasSize(40);
        assertThat(longPrefix).hasMessageContaining("21 characters").hasMessageContaining("at most 20 (--max-prefix)");
        assertThat(longPrefix.prefix()).isEmpty();
        assertThat(avro(request().setMaxTokens(1000).build()).options().maxTokens())
                .isEqualTo(1000);
        assertThat(manyTokens)
                .hasMessageContaining("maxTokens is 1001")
                .hasMessageContaining("at most 1000 (--max-completion-tokens)");
        assertThat(manyTokens.prefix()).isEqualTo("time");
    }

    @Test
    void truncatesLongParametersInMessages() {
        String long2 = "9".repeat(1_000_000);
        for (String name : List.of("max-tokens", "top-k", "seed", "temperature", "top-p", "stop")) {
            assertThatThrownBy(
                            () -> plain("x", "inkstream." + name, name.matches("temp.*|top-p") ? long2 + "x" : long2))
                    .isInstanceOf(InvalidRequestException.class)
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
        }
    }

    @Test
    void onlyTheFirstRequestOfASchemaNeedsTheRegistry() {
        // Given
        RequestReader reader = reader((topic, bytes) -> request().build());
        RequestRecord first = received(new byte[] {0, 0, 0, 0, 1, 2});
        RequestRecord other = received(new byte[] {0, 0, 0, 0, 2, 2});

        // When
        boolean before = reader.needsRegistry(first);
        reader.read(first);

        // Then
        assertThat(before).isTrue();
        assertThat(reader.needsRegistry(first)).isFalse();
        assertThat(reader.needsRegistry(other)).isTrue();
        assertThat(reader.needsRegistry(received(bytes("plain")))).isFalse();
        assertThat(reader.needsRegistry(received(null))).isFalse();
    }

    @Test
    void theClientIsIdentifiedByTheHeaderOrTheKey() {
        assertThat(client("app", "1")).isEqualTo(client("app", "2")).isNotEqualTo(client("other", "1"));
        assertThat(client(null, "1")).isEqualTo(client(null, "1")).isNotEqualTo(client(null, "2"));
        assertThat(client(null, "app")).isNotEqualTo(client("app", "app"));
        assertThat(client(null, null)).isEqualTo(client(null, null));
        assertThat(client("x".repeat(1_000_000), null)).hasSizeLessThan(300);
    }

    private static String client(String header, String key) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("prefixes", 3, 12, key == null ? null : bytes(key), bytes("x"));
        if (header != null) {
            record.headers().add("inkstream.client", bytes(header));
        }
        return RequestRecord.of(record).client();
    }

    @Test
    void rejectsUnreadableAvroButRetriesWhenTheRegistryIsUnavailable() {
        assertThatThrownBy(() -> reader((topic, bytes) -> {
                            throw new SerializationException("unknown schema id 9");
                        })
                        .read(received(new byte[] {0, 0, 0, 0, 9, 1})))
                .isInstanceOf(UnreadableRequestException.class)
                .hasMessageContaining("offset 12 of prefixes-3")
                .hasMessageContaining("unknown schema id 9");
        assertThatThrownBy(() -> reader((topic, bytes) -> {
                            throw new TimeoutException("away");
                        })
                        .read(received(new byte[] {0, 0, 0, 0, 9, 1})))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void recognizesFormatsByTheirBytes() {
        assertThat(RequestFormat.of(new byte[] {0, 0, 0, 0, 1})).isEqualTo(RequestFormat.AVRO);
        assertThat(RequestFormat.of(new byte[] {0, 0, 0})).isEqualTo(RequestFormat.UNKNOWN);
        assertThat(RequestFormat.of(new byte[0])).isEqualTo(RequestFormat.PLAIN);
        assertThat(RequestFormat.of("größer".getBytes(StandardCharsets.UTF_8))).isEqualTo(RequestFormat.PLAIN);
        assertThat(RequestFormat.of(new byte[] {(byte) 0xFF, (byte) 0xD8})).isEqualTo(RequestFormat.UNKNOWN);
        assertThat(RequestFormat.of(null)).isEqualTo(RequestFormat.UNKNOWN);
        assertThatThrownBy(() -> reader(null).read(received(null)))
                .isInstanceOf(UnreadableRequestException.class)
                .hasMessageContaining("prefixes-3");
    }

    @Test
    void readsReplyAddressesOfSpringAndNest() {
        assertThat(reply()).isEqualTo(new ReplyAddress.None());
        assertThat(reply(RequestHeaders.REPLY_PARTITION, bytes("1"))).isEqualTo(new ReplyAddress.None());
        assertThat(reply(RequestHeaders.REPLY_TOPIC, bytes("r")))
                .isEqualTo(new ReplyAddress.Named("r", OptionalInt.empty()));
        assertThat(reply(RequestHeaders.REPLY_TOPIC, bytes("r"), RequestHeaders.REPLY_PARTITION, new byte[] {0, 0, 1, 2
                }))
                .isEqualTo(new ReplyAddress.Named("r", OptionalInt.of(258)));
        assertThat(reply(RequestHeaders.REPLY_TOPIC, bytes("r"), RequestHeaders.REPLY_PARTITION, bytes("1000")))
                .isEqualTo(new ReplyAddress.Named("r", OptionalInt.of(1000)));
        assertThat(reply(RequestHeaders.REPLY_TOPIC, bytes("r"), RequestHeaders.REPLY_PARTITION, bytes("-1")))
                .isEqualTo(new ReplyAddress.Invalid("kafka_replyPartition is not a partition number"));
        assertThat(reply(RequestHeaders.REPLY_TOPIC, bytes("no topic!")))
                .isEqualTo(new ReplyAddress.Invalid("kafka_replyTopic is not a valid topic name"));
    }

    private static ReplyAddress reply(Object... headers) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("prefixes", 3, 12, null, bytes("x"));
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add((String) headers[i], (byte[]) headers[i + 1]);
        }
        return RequestRecord.of(record).reply();
    }

    private static Request plain(String prefix, String... headers) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("prefixes", 3, 12, null, bytes(prefix));
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add(headers[i], bytes(headers[i + 1]));
        }
        return reader(null).read(RequestRecord.of(record));
    }

    private static Request avro(PrefixRequest request) {
        return reader((topic, bytes) -> request).read(received(new byte[] {0, 0, 0, 0, 1, 2}));
    }

    private static PrefixRequest.Builder request() {
        return PrefixRequest.newBuilder().setCorpus("wells").setPrefix("time");
    }

    private static RequestReader reader(Deserializer<PrefixRequest> avro) {
        return new RequestReader(avro, () -> CHOSEN, new RequestLimits(20, 1000));
    }

    private static RequestRecord received(byte[] value) {
        return RequestRecord.of(new ConsumerRecord<>("prefixes", 3, 12, null, value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
