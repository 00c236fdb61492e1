package io.inkstream.platform.registry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/** The settings of the serde and the registry client, under Confluent's keys where Confluent has one. */
public final class RegistryConfig extends AbstractConfig {

    /** URLs of the schema registry. */
    public static final String URL = "schema.registry.url";

    /** Whether a producer registers the schemas that it uses. */
    public static final String AUTO_REGISTER = "auto.register.schemas";

    /** Whether a producer that does not register writes with the newest schema of the subject. */
    public static final String USE_LATEST = "use.latest.version";

    /** Where the credentials come from. */
    public static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";

    /** User name and password. */
    public static final String USER_INFO = "basic.auth.user.info";

    /** Whether values are read into generated classes. */
    public static final String SPECIFIC_READER = "specific.avro.reader";

    /** How long one response may take. */
    public static final String READ_TIMEOUT = "http.read.timeout.ms";

    /** How long to wait for a registry that is down. */
    public static final String RETRY_TIMEOUT = "schema.registry.retry.timeout.ms";

    /** What the keys for TLS begin with; the rest is Kafka's, for instance {@code ssl.truststore.location}. */
    public static final String TLS = "schema.registry.";

    /** The {@link RegistryContact} that hears whether the registry answers; an object, so no file can set it. */
    static final String CONTACT = "inkstream.registry.contact";

    private static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    URL,
                    ConfigDef.Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    RegistryConfig::requireEntries,
                    Importance.HIGH,
                    "URLs of the schema registry, separated by commas; they are tried in turn.")
            .define(
                    AUTO_REGISTER,
                    ConfigDef.Type.BOOLEAN,
                    true,
                    Importance.MEDIUM,
                    "Whether a schema that is not registered yet is registered with the first record that uses it.")
            .define(
                    USE_LATEST,
                    ConfigDef.Type.BOOLEAN,
                    false,
                    Importance.LOW,
                    "Whether records are written with the newest schema of the subject; takes effect with "
                            + AUTO_REGISTER + "=false.")
            .define(
                    CREDENTIALS_SOURCE,
                    ConfigDef.Type.STRING,
                    "URL",
                    ConfigDef.ValidString.in("URL", "USER_INFO"),
                    Importance.MEDIUM,
                    "Where user name and password come from: URL (http://user:password@host:port) or USER_INFO ("
                            + USER_INFO + ").")
            .define(
                    USER_INFO,
                    ConfigDef.Type.PASSWORD,
                    "",
                    Importance.MEDIUM,
                    "User name and password as user:password; used with " + CREDENTIALS_SOURCE + "=USER_INFO.")
            .define(
                    SPECIFIC_READER,
                    ConfigDef.Type.BOOLEAN,
                    true,
                    RegistryConfig::requireTrue,
                    Importance.LOW,
                    "Must be true: records are always read into generated classes.")
            .define(
                    READ_TIMEOUT,
                    ConfigDef.Type.INT,
                    10_000,
                    ConfigDef.Range.atLeast(1),
                    Importance.LOW,
                    "How long one answer of the registry may take, in milliseconds.")
            .define(
                    RETRY_TIMEOUT,
                    ConfigDef.Type.LONG,
                    120_000L,
                    ConfigDef.Range.atLeast(0),
                    Importance.MEDIUM,
                    "How long a registry that does not answer, or answers with a server error, is asked again before "
                            + "the attempt fails, in milliseconds; keep it below max.poll.interval.ms.");

    /**
     * Reads and checks the properties.
     *
     * @throws ConfigException if one is missing or has no usable value
     */
    public RegistryConfig(Map<String, ?> properties) {
        super(DEFINITION, properties, false);
    }

    /** All keys with type, default, validator and a sentence each. */
    public static ConfigDef definition() {
        return new ConfigDef(DEFINITION);
    }

    List<RegistryEndpoint> endpoints() {
        String userInfo = getString(CREDENTIALS_SOURCE).equals("USER_INFO") ? requireUserInfo() : null;
        return getList(URL).stream()
                .map(url -> RegistryEndpoint.parse(url.strip(), userInfo))
                .toList();
    }

    /** How to trust the registry, and how to be trusted by it; empty where Java's own authorities are enough. */
    Optional<RegistryTls> tls() {
        return RegistryTls.of(originalsWithPrefix(TLS));
    }

    boolean autoRegister() {
        return getBoolean(AUTO_REGISTER);
    }

    boolean useLatest() {
        return getBoolean(USE_LATEST);
    }

    RegistryContact contact() {
        return originals().get(CONTACT) instanceof RegistryContact contact ? contact : new RegistryContact();
    }

    Duration readTimeout() {
        return Duration.ofMillis(getInt(READ_TIMEOUT));
    }

    Duration retryTimeout() {
        return Duration.ofMillis(getLong(RETRY_TIMEOUT));
    }

    private String requireUserInfo() {
        String userInfo = getPassword(USER_INFO).value();
        if (!userInfo.contains(":")) {
            throw new ConfigException(
                    "%s=USER_INFO needs %s in the form user:password.".formatted(CREDENTIALS_SOURCE, USER_INFO));
        }
        return userInfo;
    }

    private static void requireEntries(String name, Object value) {
        if (value instanceof List<?> entries && entries.isEmpty()) {
            throw new ConfigException("%s is empty: give the registry's URL.".formatted(name));
        }
    }

    private static void requireTrue(String name, Object value) {
        if (Boolean.FALSE.equals(value)) {
            throw new ConfigException(
                    "%s=false is not possible with this serde: it reads into generated classes only; leave it out."
                            .formatted(name));
        }
    }
}
