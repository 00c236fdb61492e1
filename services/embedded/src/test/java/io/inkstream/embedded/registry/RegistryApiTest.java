package io.inkstream.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.inkstream.embedded.registry.Ask.Answer;
import io.inkstream.platform.InkstreamException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry as a client sees it; its log is in memory. */
class RegistryApiTest {

    private final MemoryLog schemaLog = new MemoryLog();
    private EmbeddedRegistry registry;
    private Ask ask;

    @BeforeEach
    void start() {
        registry = new EmbeddedRegistry(schemaLog, 0);
        registry.start();
        ask = new Ask(registry.url());
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void givesIdsFromOneAndFindsSchemasByThem() throws Exception {
        // When
        Answer registered = ask.postSchema("/subjects/s/versions", Schemas.ONE);
        Answer found = ask.get("/schemas/ids/1");

        // Then
        assertThat(registered.status()).isEqualTo(200);
        assertThat(registered.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
        assertThat(registered.text()).isEqualTo("{\"id\":1}");
        assertThat(found.json().size()).isEqualTo(1);
        assertThat(found.json().get("schema").textValue()).isEqualTo(Schemas.ONE);
        assertThat(ask.get("/schemas/ids/1/schema").text()).isEqualTo(Schemas.ONE);
    }

    @Test
    void registersASchemaOnce() throws Exception {
        // When: the same but for white space, and then under another subject
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        Answer again = ask.postSchema("/subjects/s/versions", " " + Schemas.ONE.replace(",", " ,\n ") + " ");
        Answer elsewhere = ask.postSchema("/subjects/t/versions", Schemas.ONE);
        Answer other = ask.postSchema("/subjects/t/versions", Schemas.FIELD_WITH_DEFAULT);

        // Then
        assertThat(again.text()).isEqualTo("{\"id\":1}");
        assertThat(elsewhere.text()).isEqualTo("{\"id\":1}");
        assertThat(other.text()).isEqualTo("{\"id\":2}");
        assertThat(ask.get("/subjects/s/versions").text()).isEqualTo("[1]");
        assertThat(ask.get("/subjects/t/versions").text()).isEqualTo("[1,2]");
        assertThat(ask.get("/schemas/ids/1/subjects").text()).isEqualTo("[\"s\",\"t\"]");
        assertThat(ask.get("/schemas/ids/1/versions").text())
                .isEqualTo("[{\"subject\":\"s\",\"version\":1},{\"subject\":\"t\",\"version\":1}]");
    }

    @Test
    void findsVersions() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITH_DEFAULT);

        // When
        JsonNode first = ask.get("/subjects/s/versions/1").json();
        JsonNode latest = ask.get("/subjects/s/versions/latest").json();

        // Then
        assertThat(first.get("subject").textValue()).isEqualTo("s");
        assertThat(first.get("version").intValue()).isEqualTo(1);
        assertThat(first.get("id").intValue()).isEqualTo(1);
        assertThat(first.get("schema").textValue()).isEqualTo(Schemas.ONE);
        assertThat(latest.get("version").intValue()).isEqualTo(2);
        assertThat(ask.get("/subjects/s/versions/-1").json()).isEqualTo(latest);
        assertThat(ask.get("/subjects/s/versions/1/schema").text()).isEqualTo(Schemas.ONE);
    }

    @Test
    void looksASchemaUp() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);

        // When
        Answer found = ask.postSchema("/subjects/s", Schemas.ONE);

        // Then
        assertThat(found.json()).isEqualTo(ask.get("/subjects/s/versions/1").json());
        assertError(ask.postSchema("/subjects/s", Schemas.WIDER), 404, 40403, "Schema not found");
        assertError(ask.postSchema("/subjects/t", Schemas.ONE), 404, 40401, "Subject 't' not found.");
    }

    @Test
    void takesSubjectsWithAnyCharacters() throws Exception {
        // When
        ask.postSchema("/subjects/a%2Fb%20c%2Bd%25%C3%A9+f/versions", Schemas.ONE);

        // Then
        assertThat(ask.get("/subjects").text()).isEqualTo("[\"a/b c+d%é+f\"]");
        assertThat(ask.get("/subjects/a%2Fb%20c+d%25%C3%A9%2Bf/versions").text())
                .isEqualTo("[1]");
        assertThat(ask.get("/subjects?subjectPrefix=a%2F").text()).isEqualTo("[\"a/b c+d%é+f\"]");
        assertThat(ask.get("/subjects?subjectPrefix=b").text()).isEqualTo("[]");
        assertError(ask.postSchema("/subjects/a%0Ab/versions", Schemas.ONE), 422, 42208, "control characters");
    }

    @Test
    void rejectsAnIncompatibleSchema() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);

        // When
        Answer refused = ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITHOUT_DEFAULT);

        // Then
        assertError(refused, 409, 409, "READER_FIELD_MISSING_DEFAULT_VALUE");
        assertThat(ask.get("/subjects/s/versions").text()).isEqualTo("[1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\":\"{\\\"type\\\":\\\"nothing\\\"}\"}",
                "{\"schema\":\"{\"}",
                "{\"schema\":\"\"}",
                "{\"schema\":\"null and void\"}",
                "{\"schema\":7}",
                "{}",
                "{\"schema\": \"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[1]}\"}",
                "{\"schema\": \"{\\\"type\\\":\\\"enum\\\",\\\"name\\\":\\\"E\\\",\\\"symbols\\\":[1]}\"}",
                "{\"schema\": \"{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"F\\\",\\\"size\\\":\\\"x\\\"}\"}",
                "{\"schema\": \"[[\\\"int\\\"]]\"}",
                "{\"schema\": \"7\"}",
                "{\"schema\": \"null\"}",
                "{\"schema\": \"{\\\"type\\\":{\\\"type\\\":null}}\"}",
                "{\"schema\": \"{\\\"type\\\":\\\"array\\\"}\"}",
                "{\"schema\": \"{\\\"type\\\":\\\"map\\\",\\\"values\\\":3}\"}",
                "{\"schema\": \"{\\\"type\\\":\\\"enum\\\",\\\"name\\\":\\\"E\\\"}\"}",
                "{\"schema\": \"{\\\"type\\\":\\\"record\\\",\\\"name\\\":null,\\\"fields\\\":[]}\"}",
                "{\"schema\": \"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":{}}\"}",
                "{\"schema\": \"true\"}",
                "{\"schema\": \"{\\\"type\\\":7}\"}",
                "{\"schema\":"
                        + " \"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\"}]}\"}",
                "{\"schema\": \"[\\\"int\\\",\\\"int\\\"]\"}",
                "{\"schema\": \"\\\"int\\\" \\\"int\\\"\"}",
                "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"1\\\",\\\"fields\\\":[]}\"}",
                "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"int\\\",\\\"default\\\":\\\"x\\\"}]}\"}"
            })
    void rejectsTextThatIsNotAnAvroSchema(String body) throws Exception {
        assertError(ask.post("/subjects/s/versions", body), 422, 42201, "");
        assertThat(ask.get("/subjects").text()).isEqualTo("[]");
    }

    @Test
    void rejectsUnsupportedRequests() throws Exception {
        assertError(
                ask.post("/subjects/s/versions", "{\"schemaType\":\"PROTOBUF\",\"schema\":\"x\"}"),
                422,
                42201,
                "PROTOBUF is not supported");
        assertError(
                ask.post(
                        "/subjects/s/versions",
                        "{\"schema\":\"\\\"int\\\"\",\"references\":[{\"name\":\"a\",\"subject\":\"a\",\"version\":1}]}"),
                422,
                42201,
                "references are not supported");
        assertError(ask.post("/subjects/s/versions", "{\"schema\":\"\\\"int\\\"\",\"id\":9}"), 422, 42205, "IMPORT");
        assertThat(ask.post("/subjects/s/versions", "{\"schema\":\"\\\"int\\\"\",\"references\":[],\"id\":-1}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void saysWhatIsNotThere() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);

        // When, Then
        assertError(ask.get("/subjects/t/versions"), 404, 40401, "Subject 't' not found.");
        assertError(ask.get("/subjects/t/versions/1"), 404, 40401, "Subject 't' not found.");
        assertError(ask.get("/subjects/s/versions/2"), 404, 40402, "Version 2 not found.");
        assertError(ask.get("/schemas/ids/2"), 404, 40403, "Schema not found");
        assertError(ask.get("/subjects/s/versions/0"), 422, 42202, "'0' is not a version");
        assertError(ask.get("/subjects/s/versions/x"), 422, 42202, "'x' is not a version");
        assertError(ask.delete("/subjects/t"), 404, 40401, "");
        assertError(ask.delete("/subjects/s/versions/2"), 404, 40402, "");
        assertError(ask.get("/schemas/ids/x"), 404, 404, "");
        assertError(ask.get("/nowhere"), 404, 404, "");
        assertError(ask.put("/subjects/s/versions", "{}"), 405, 405, "");
        assertError(ask.post("/subjects/s", "not json"), 400, 400, "not JSON");
        assertError(ask.post("/subjects/s", "[]"), 400, 400, "not a JSON object");
        assertError(ask.send("POST", "/subjects/s", "{}", "text/plain"), 415, 415, "text/plain");
    }

    @Test
    void deletesAVersionInTwoSteps() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITH_DEFAULT);
        assertError(ask.delete("/subjects/s/versions/1?permanent=true"), 404, 40407, "");

        // When
        Answer deleted = ask.delete("/subjects/s/versions/1");

        // Then: it is gone for those who ask by subject, and its records can still be read
        assertThat(deleted.text()).isEqualTo("1");
        assertThat(ask.get("/subjects/s/versions").text()).isEqualTo("[2]");
        assertThat(ask.get("/subjects/s/versions?deleted=true").text()).isEqualTo("[1,2]");
        assertError(ask.get("/subjects/s/versions/1"), 404, 40402, "");
        assertThat(ask.get("/schemas/ids/1").status()).isEqualTo(200);
        assertError(ask.delete("/subjects/s/versions/1"), 404, 40406, "");

        // When
        Answer removed = ask.delete("/subjects/s/versions/1?permanent=true");

        // Then
        assertThat(removed.text()).isEqualTo("1");
        assertThat(ask.get("/subjects/s/versions?deleted=true").text()).isEqualTo("[2]");
        assertError(ask.get("/schemas/ids/1"), 404, 40403, "");
    }

    @Test
    void deletesASubjectInTwoSteps() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITH_DEFAULT);
        ask.put("/config/s", "{\"compatibility\":\"FULL\"}");
        assertError(ask.delete("/subjects/s?permanent=true"), 404, 40405, "");

        // When
        Answer deleted = ask.delete("/subjects/s");

        // Then
        assertThat(deleted.text()).isEqualTo("[1,2]");
        assertThat(ask.get("/subjects").text()).isEqualTo("[]");
        assertThat(ask.get("/subjects?deleted=true").text()).isEqualTo("[\"s\"]");
        assertError(ask.delete("/subjects/s"), 404, 40404, "");
        assertError(ask.get("/config/s"), 404, 40408, "");

        // When: it comes back, with the id that it had and a version that it had not
        Answer again = ask.postSchema("/subjects/s/versions", Schemas.ONE);

        // Then
        assertThat(again.text()).isEqualTo("{\"id\":1}");
        assertThat(ask.get("/subjects/s/versions").text()).isEqualTo("[3]");

        // When
        ask.delete("/subjects/s");
        Answer removed = ask.delete("/subjects/s?permanent=true");

        // Then
        assertThat(removed.text()).isEqualTo("[1,2,3]");
        assertThat(ask.get("/subjects?deleted=true").text()).isEqualTo("[]");
        assertThat(ask.postSchema("/subjects/s/versions", Schemas.OTHER_TYPE).text())
                .isEqualTo("{\"id\":3}");
    }

    @Test
    void keepsLevelsForAllAndForOne() throws Exception {
        assertThat(ask.get("/config").text()).isEqualTo("{\"compatibilityLevel\":\"BACKWARD\"}");
        assertError(ask.get("/config/s"), 404, 40408, "");
        assertThat(ask.get("/config/s?defaultToGlobal=true").text()).isEqualTo("{\"compatibilityLevel\":\"BACKWARD\"}");

        // When
        Answer set = ask.put("/config", "{\"compatibility\":\"full_transitive\"}");
        Answer setForOne = ask.put("/config/s", "{\"compatibility\":\"NONE\"}");

        // Then
        assertThat(set.text()).isEqualTo("{\"compatibility\":\"FULL_TRANSITIVE\"}");
        assertThat(setForOne.text()).isEqualTo("{\"compatibility\":\"NONE\"}");
        assertThat(ask.get("/config/s").text()).isEqualTo("{\"compatibilityLevel\":\"NONE\"}");
        assertThat(ask.get("/config/t?defaultToGlobal=true").text())
                .isEqualTo("{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        assertThat(ask.postSchema("/subjects/s/versions", Schemas.OTHER_TYPE).status())
                .isEqualTo(200);

        // When
        Answer cleared = ask.delete("/config/s");
        Answer clearedForAll = ask.delete("/config");

        // Then
        assertThat(cleared.text()).isEqualTo("{\"compatibilityLevel\":\"NONE\"}");
        assertThat(clearedForAll.text()).isEqualTo("{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
        assertThat(ask.get("/config").text()).isEqualTo("{\"compatibilityLevel\":\"BACKWARD\"}");
        assertError(ask.delete("/config/s"), 404, 40401, "");
        assertError(ask.put("/config", "{\"compatibility\":\"SIDEWAYS\"}"), 422, 42203, "FORWARD");
        assertError(ask.put("/config", "{}"), 422, 42203, "");
    }

    @Test
    void saysWhetherASchemaWouldBeTaken() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITH_DEFAULT);
        String latest = "/compatibility/subjects/s/versions/latest";
        String first = "/compatibility/subjects/s/versions/1";
        String all = "/compatibility/subjects/s/versions";

        // When, Then
        assertThat(ask.postSchema(latest, Schemas.FIELD_WITHOUT_DEFAULT).text()).isEqualTo("{\"is_compatible\":true}");
        assertThat(ask.postSchema(first, Schemas.FIELD_WITHOUT_DEFAULT).text()).isEqualTo("{\"is_compatible\":false}");
        assertThat(ask.postSchema(all, Schemas.FIELD_WITHOUT_DEFAULT).text()).isEqualTo("{\"is_compatible\":true}");
        ask.put("/config/s", "{\"compatibility\":\"BACKWARD_TRANSITIVE\"}");
        assertThat(ask.postSchema(all, Schemas.FIELD_WITHOUT_DEFAULT).text()).isEqualTo("{\"is_compatible\":false}");

        // When
        JsonNode verbose =
                ask.postSchema(first + "?verbose=true", Schemas.OTHER_TYPE).json();

        // Then
        assertThat(verbose.get("is_compatible").booleanValue()).isFalse();
        assertThat(verbose.get("messages").get(0).textValue()).contains("TYPE_MISMATCH");
        assertThat(ask.postSchema(first + "?verbose=true", Schemas.WIDER).text())
                .isEqualTo("{\"is_compatible\":true,\"messages\":[]}");
        assertThat(ask.postSchema("/compatibility/subjects/new/versions/latest", Schemas.ONE)
                        .text())
                .isEqualTo("{\"is_compatible\":true}");
        assertError(ask.postSchema("/compatibility/subjects/new/versions/1", Schemas.ONE), 404, 40401, "");
        assertError(ask.postSchema("/compatibility/subjects/s/versions/9", Schemas.ONE), 404, 40402, "");
        assertError(ask.postSchema("/compatibility/subjects/s/versions/x", Schemas.ONE), 422, 42202, "");
        assertError(ask.postSchema(latest, "no schema"), 422, 42201, "");
    }

    @Test
    void describesItself() throws Exception {
        assertThat(ask.get("/").text()).isEqualTo("{}");
        assertThat(ask.get("/schemas/types").text()).isEqualTo("[\"AVRO\"]");
        assertThat(ask.get("/mode").text()).isEqualTo("{\"mode\":\"READWRITE\"}");
        assertThat(ask.get("/mode/s?defaultToGlobal=true").text()).isEqualTo("{\"mode\":\"READWRITE\"}");
        assertError(ask.get("/mode/s"), 404, 40409, "");
        assertThat(registry.url()).startsWith("http://127.0.0.1:");
    }

    @Test
    void listsSchemas() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITH_DEFAULT);
        ask.postSchema("/subjects/t/versions", Schemas.ONE);
        ask.delete("/subjects/s/versions/1");

        // Then
        assertThat(versions(ask.get("/schemas"))).containsExactly("s 2", "t 1");
        assertThat(versions(ask.get("/schemas?deleted=true"))).containsExactly("s 1", "s 2", "t 1");
        assertThat(versions(ask.get("/schemas?deleted=true&latestOnly=true"))).containsExactly("s 2", "t 1");
        assertThat(versions(ask.get("/schemas?subjectPrefix=t"))).containsExactly("t 1");
        assertThat(ask.get("/schemas?subjectPrefix=u").text()).isEqualTo("[]");
    }

    private static List<String> versions(Answer schemas) throws Exception {
        List<String> versions = new ArrayList<>();
        schemas.json()
                .forEach(schema -> versions.add(schema.get("subject").textValue() + " "
                        + schema.get("version").intValue()));
        return versions;
    }

    @Test
    void ignoresTheOrderOfAttributesWhereItIsToNormalize() throws Exception {
        // Given
        String one =
                "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2,\"aliases\":[\"H\",\"G\"],\"b\":{\"d\":1,\"c\":[2,1]},\"a\":1}";
        ask.postSchema("/subjects/s/versions?normalize=true", one);
        String other =
                "{\"a\":1,\"b\":{\"c\":[2,1],\"d\":1},\"aliases\":[\"G\",\"H\"],\"size\":2,\"name\":\"F\",\"type\":\"fixed\"}";

        // Then
        assertThat(ask.postSchema("/subjects/s/versions?normalize=true", other).text())
                .isEqualTo("{\"id\":1}");
        assertThat(ask.postSchema("/subjects/s?normalize=true", other)
                        .json()
                        .get("version")
                        .intValue())
                .isEqualTo(1);
        assertError(ask.postSchema("/subjects/s", one), 404, 40403, "Schema not found");
        assertError(
                ask.postSchema("/subjects/s?normalize=true", other.replace("[2,1]", "[1,2]")),
                404,
                40403,
                "Schema not found");
    }

    @Test
    void changesNothingInReadOnlyMode() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);

        // When
        assertThat(ask.put("/mode/s", "{\"mode\":\"readonly\"}").text()).isEqualTo("{\"mode\":\"READONLY\"}");

        // Then
        assertThat(ask.get("/mode/s").text()).isEqualTo("{\"mode\":\"READONLY\"}");
        assertError(
                ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITH_DEFAULT),
                422,
                42205,
                "Subject s is in read-only mode");
        assertError(ask.delete("/subjects/s"), 422, 42205, "read-only");
        assertError(ask.delete("/subjects/s/versions/1"), 422, 42205, "read-only");
        assertError(ask.put("/config/s", "{\"compatibility\":\"NONE\"}"), 422, 42205, "read-only");
        assertThat(ask.postSchema("/subjects/s/versions", Schemas.ONE).text()).isEqualTo("{\"id\":1}");
        assertThat(ask.postSchema("/subjects/t/versions", Schemas.ONE).text()).isEqualTo("{\"id\":1}");

        // When, over a restart
        assertThat(ask.put("/mode", "{\"mode\":\"READONLY\"}").status()).isEqualTo(200);
        assertThat(ask.put("/mode/s", "{\"mode\":\"READWRITE\"}").status()).isEqualTo(200);
        close();
        start();

        // Then
        assertError(ask.postSchema("/subjects/t/versions", Schemas.WIDER), 422, 42205, "Subject t");
        assertError(
                ask.put("/config", "{\"compatibility\":\"NONE\"}"), 422, 42205, "The registry is in read-only mode");
        assertError(ask.delete("/config"), 422, 42205, "read-only");
        assertThat(ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITH_DEFAULT)
                        .status())
                .isEqualTo(200);

        // When
        assertThat(ask.delete("/mode/s").text()).isEqualTo("{\"mode\":\"READWRITE\"}");

        // Then
        assertError(ask.delete("/mode/s"), 404, 40401, "");
        assertError(ask.delete("/subjects/s"), 422, 42205, "read-only");
        assertError(ask.put("/mode", "{\"mode\":\"IMPORT\"}"), 422, 42204, "READONLY");
        assertError(ask.put("/mode", "{}"), 422, 42204, "");
    }

    @Test
    void forgetsTheModeOfADeletedSubject() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        ask.put("/mode/s", "{\"mode\":\"READWRITE\"}");

        // When
        ask.delete("/subjects/s/versions/1");

        // Then
        assertError(ask.get("/mode/s"), 404, 40409, "");
    }

    @Test
    void keepsEverythingOverARestart() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITH_DEFAULT);
        ask.postSchema("/subjects/gone/versions", Schemas.OTHER_TYPE);
        ask.delete("/subjects/gone");
        ask.put("/config/s", "{\"compatibility\":\"FORWARD\"}");
        String latest = ask.get("/subjects/s/versions/latest").text();

        // When
        close();
        start();

        // Then
        assertThat(ask.get("/subjects").text()).isEqualTo("[\"s\"]");
        assertThat(ask.get("/subjects?deleted=true").text()).isEqualTo("[\"gone\",\"s\"]");
        assertThat(ask.get("/subjects/s/versions/latest").text()).isEqualTo(latest);
        assertThat(ask.get("/config/s").text()).isEqualTo("{\"compatibilityLevel\":\"FORWARD\"}");
        assertThat(ask.postSchema("/subjects/t/versions", "\"int\"").text()).isEqualTo("{\"id\":4}");
    }

    @Test
    void skipsAnEntryThatNoRegistryWrote() throws Exception {
        // Given
        ask.postSchema("/subjects/s/versions", Schemas.ONE);
        schemaLog.append(new LogEntry("noise".getBytes(StandardCharsets.UTF_8), null));
        ask.postSchema("/subjects/t/versions", Schemas.ONE);

        // When
        close();
        start();

        // Then
        assertThat(ask.get("/subjects").text()).isEqualTo("[\"s\",\"t\"]");
    }

    @Test
    void changesNothingThatTheLogDidNotTake() throws Exception {
        // Given
        schemaLog.breakDown();

        // When
        Answer refused = ask.postSchema("/subjects/s/versions", Schemas.ONE);

        // Then
        assertError(refused, 500, 50001, "The log is broken.");
        assertThat(ask.get("/subjects").text()).isEqualTo("[]");
    }

    @Test
    void saysThatItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                EmbeddedRegistry second = new EmbeddedRegistry(new MemoryLog(), taken.getLocalPort())) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort())
                    .hasMessageContaining("--registry-port");
        }
    }

    private static void assertError(Answer answer, int status, int code, String message) throws Exception {
        assertThat(answer.text()).contains("\"error_code\":" + code);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
        assertThat(answer.json().get("message").textValue()).contains(message);
    }
}
