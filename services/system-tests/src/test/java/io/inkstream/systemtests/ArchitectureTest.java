package io.inkstream.systemtests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each module imports what it is allowed to, and no two packages import each other, root packages included. */
class ArchitectureTest {

    private static final String ROOT = "io.inkstream.";

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.inkstream");

    /** The modules, what each may import of the others, and why. */
    @SuppressWarnings("ImmutableEnumChecker") // the lists are immutable
    private enum Module {
        SCHEMAS("schemas", "contracts depend on nothing"),
        PLATFORM("platform", "it serves any Kafka service, and knows nothing of books"),
        KERNELS("kernels", "arithmetic knows nothing of models"),
        LANGUAGE_MODEL("languagemodel", "a model can be trained and tested without Kafka", KERNELS),
        CORPUS_LOG(
                "corpuslog",
                "it stores the model's types in the contracts' records, with the platform's clients",
                SCHEMAS,
                PLATFORM,
                LANGUAGE_MODEL),
        INGEST(
                "ingest",
                "services communicate through topics only; text is read by the model's own tokenizers",
                SCHEMAS,
                PLATFORM,
                LANGUAGE_MODEL,
                CORPUS_LOG),
        TRAINER(
                "trainer",
                "services communicate through topics only; it trains the model",
                SCHEMAS,
                PLATFORM,
                LANGUAGE_MODEL,
                CORPUS_LOG),
        GENERATOR(
                "generator",
                "services communicate through topics only; it decodes with the model",
                SCHEMAS,
                PLATFORM,
                LANGUAGE_MODEL,
                CORPUS_LOG),
        CLIENT(
                "client",
                "an application communicates with the services through topics, and must not depend on one",
                SCHEMAS,
                PLATFORM,
                LANGUAGE_MODEL,
                CORPUS_LOG),
        EMBEDDED("embedded", "a broker and a registry know nothing of the domain", PLATFORM),
        LAUNCHER(
                "launcher",
                "the image runs one service: no broker, no charts, no client",
                SCHEMAS,
                PLATFORM,
                CORPUS_LOG,
                INGEST,
                TRAINER,
                GENERATOR),
        LESSONS(
                "lessons",
                "a reproduction uses the pipeline as an application does, through the client",
                SCHEMAS,
                PLATFORM,
                LANGUAGE_MODEL,
                CORPUS_LOG,
                CLIENT),
        CLI(
                "cli",
                "only the command line combines the others",
                SCHEMAS,
                PLATFORM,
                LANGUAGE_MODEL,
                CORPUS_LOG,
                CLIENT,
                EMBEDDED,
                LAUNCHER,
                LESSONS),
        TEST_SUPPORT(
                "testsupport",
                "fixtures use a real broker and write the records that services would write",
                SCHEMAS,
                PLATFORM,
                LANGUAGE_MODEL,
                CORPUS_LOG,
                EMBEDDED);

        private final String name;
        private final String why;
        private final List<Module> mayImport;

        Module(String name, String why, Module... mayImport) {
            this.name = name;
            this.why = why;
            this.mayImport = List.of(mayImport);
        }

        String packages() {
            return ROOT + name + "..";
        }
    }

    /** A library that only some packages may use, and why. */
    private record Reserved(String library, String why, List<String> users, List<String> packages) {

        @Override
        public String toString() {
            return library;
        }
    }

    private static List<Reserved> libraries() {
        return List.of(
                new Reserved(
                        "Kafka's server",
                        "its classes are not a public API and change with every release",
                        List.of("io.inkstream.embedded.broker.."),
                        List.of(
                                "kafka..",
                                "scala..",
                                "org.apache.kafka.server..",
                                "org.apache.kafka.metadata..",
                                "org.apache.kafka.controller..")),
                new Reserved(
                        "Kafka Streams",
                        "only ingest is a Streams application",
                        List.of(Module.INGEST.packages()),
                        List.of("org.apache.kafka.streams..")),
                new Reserved(
                        "the charts",
                        "a service needs neither AWT nor fonts",
                        List.of("io.inkstream.lessons.plots..", Module.TEST_SUPPORT.packages()),
                        List.of("org.jfree..", "de.erichseifert..", "java.awt..")),
                new Reserved(
                        "DJL",
                        "one engine uses it; everything else sees tensors as arrays of floats",
                        List.of("io.inkstream.languagemodel.pytorch.."),
                        List.of("ai.djl..")),
                new Reserved(
                        "the vector API",
                        "it is incubating, and its loops need care; whatever uses it has an equal without it",
                        List.of(Module.KERNELS.packages()),
                        List.of("jdk.incubator..")),
                new Reserved(
                        "picocli",
                        "commands call services and clients, never the other way round",
                        List.of(Module.LAUNCHER.packages(), Module.CLI.packages()),
                        List.of("picocli..")));
    }

    @ParameterizedTest
    @EnumSource
    void aModuleImportsWhatItMay(Module module) {
        String[] allowed = Arrays.stream(Module.values())
                .filter(other -> other == module || module.mayImport.contains(other))
                .map(Module::packages)
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(module.packages())
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackages("io.inkstream..").or(resideInAnyPackage(allowed)))
                .because(module.why)
                .check(MAIN);
    }

    @Test
    void everyClassIsInAModule() {
        classes()
                .should()
                .resideInAnyPackage(
                        Arrays.stream(Module.values()).map(Module::packages).toArray(String[]::new))
                .check(MAIN);
    }

    @Test
    void theModelKnowsNoKafka() {
        noClasses()
                .that()
                .resideInAPackage(Module.LANGUAGE_MODEL.packages())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .because("a model can be trained and tested without Kafka")
                .check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryIsUsedWhereItBelongs(Reserved reserved) {
        noClasses()
                .that()
                .resideOutsideOfPackages(reserved.users().toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(reserved.packages().toArray(String[]::new))
                .because(reserved.why())
                .check(MAIN);
    }

    @Test
    void noTwoPackagesImportEachOther() {
        slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().check(MAIN);
    }

    /** Except for the schemas, which Avro generates, and for test code. */
    @Test
    void everyPackageIsCheckedForNull() {
        assertThat(MAIN.stream()
                        .map(JavaClass::getPackage)
                        .filter(each -> !each.getName().startsWith(ROOT + Module.SCHEMAS.name))
                        .filter(each -> !each.getName().startsWith(ROOT + Module.TEST_SUPPORT.name))
                        .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                        .map(JavaPackage::getName)
                        .distinct())
                .isEmpty();
    }

    @Test
    void namesAreTheFieldsOwn() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Data)")
                .check(MAIN);
    }

    /** Each package is a slice, the root package of a module too. */
    private static final class EachPackage implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "every package";
        }
    }
}
