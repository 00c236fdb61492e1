package io.inkstream.platform.registry;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.apache.avro.Conversion;
import org.apache.avro.Schema;
import org.apache.avro.specific.AvroGenerated;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * How records become objects of generated classes.
 *
 * <p>A schema comes from outside and names the classes to load. Avro therefore loads only classes of packages that a
 * system property of the JVM lists. Here the rule is narrower and needs no property: a class is taken only if Avro
 * generated it.
 */
final class GeneratedModel extends SpecificData {

    private final ConcurrentMap<String, Optional<Class<?>>> classes = new ConcurrentHashMap<>();

    /** A model without conversions: enough to find classes, and to write. */
    GeneratedModel() {
        super(GeneratedModel.class.getClassLoader());
        // The generated coders read arrays of ints as boxed lists.
        setCustomCoders(false);
        // The fast reader has no place where a reader of int arrays could be put in.
        setFastReaderEnabled(false);
    }

    /** A model with the conversions (timestamps and the like) of one generated class. */
    GeneratedModel(Class<?> recordClass) {
        this();
        for (Conversion<?> conversion : SpecificData.getForClass(recordClass).getConversions()) {
            addLogicalTypeConversion(conversion);
        }
    }

    /** The generated class of a named schema, or null if there is none. */
    @Override
    @SuppressWarnings("rawtypes") // the type of the overridden method
    public @Nullable Class getClass(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED ->
                classes.computeIfAbsent(getClassName(schema), this::find).orElse(null);
            default -> super.getClass(schema);
        };
    }

    private Optional<Class<?>> find(String name) {
        return Stream.of(getClassLoader(), Thread.currentThread().getContextClassLoader())
                .flatMap(loader -> load(name, loader).stream())
                .findFirst();
    }

    private static Optional<Class<?>> load(String name, ClassLoader loader) {
        try {
            // Without running its static initializer: the class is not trusted yet.
            Class<?> found = Class.forName(name, false, loader);
            return found.isAnnotationPresent(AvroGenerated.class) ? Optional.of(found) : Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            // No such class here: an answer, not a failure.
            return Optional.empty();
        }
    }
}
