package io.inkstream.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/**
 * Arrows point one way: schemas ◄ platform ◄ services ◄ standalone, and language-model ◄ services; specs, between schemas
 * and language-model, knows these two only.
 */
@AnalyzeClasses(packages = "io.inkstream", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String SCHEMAS = "io.inkstream.schemas..";
    private static final String PLATFORM = "io.inkstream.platform..";
    private static final String LANGUAGE_MODEL = "io.inkstream.languagemodel..";
    private static final String SPECS = "io.inkstream.specs..";
    private static final String INGEST = "io.inkstream.ingest..";
    private static final String TRAINER = "io.inkstream.trainer..";
    private static final String GENERATOR = "io.inkstream.generator..";
    private static final String STANDALONE = "io.inkstream.standalone..";

    @ArchTest
    static final ArchRule everythingHasItsPlace = classes()
            .should()
            .resideInAnyPackage(SCHEMAS, PLATFORM, LANGUAGE_MODEL, SPECS, INGEST, TRAINER, GENERATOR, STANDALONE);

    @ArchTest
    static final ArchRule arrowsPointOneWay = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("schemas")
            .definedBy(SCHEMAS)
            .layer("platform")
            .definedBy(PLATFORM)
            .layer("language-model")
            .definedBy(LANGUAGE_MODEL)
            .layer("specs")
            .definedBy(SPECS)
            .layer("services")
            .definedBy(INGEST, TRAINER, GENERATOR)
            .layer("standalone")
            .definedBy(STANDALONE)
            .whereLayer("standalone")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("services")
            .mayOnlyBeAccessedByLayers("standalone")
            .whereLayer("specs")
            .mayOnlyBeAccessedByLayers("services", "standalone")
            .whereLayer("language-model")
            .mayOnlyBeAccessedByLayers("specs", "services", "standalone")
            .whereLayer("platform")
            .mayOnlyBeAccessedByLayers("services", "standalone");

    @ArchTest
    static final ArchRule schemasKnowNothingElse = noClasses()
            .that()
            .resideInAPackage(SCHEMAS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PLATFORM, LANGUAGE_MODEL, SPECS, INGEST, TRAINER, GENERATOR, STANDALONE);

    @ArchTest
    static final ArchRule theModelKnowsNoKafka = noClasses()
            .that()
            .resideInAPackage(LANGUAGE_MODEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", PLATFORM, SCHEMAS);

    @ArchTest
    static final ArchRule noServiceImportsAnother = slices().matching("io.inkstream.(ingest|trainer|generator)..")
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesDependOnEachOtherOneWay =
            slices().matching("io.inkstream.(*).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheEmbeddedBrokerKnowsKafkasServer = noClasses()
            .that()
            .resideOutsideOfPackage("io.inkstream.standalone.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "kafka..",
                    "scala..",
                    "org.apache.kafka.server..",
                    "org.apache.kafka.metadata..",
                    "org.apache.kafka.controller..");

    @ArchTest
    static final ArchRule onlyPlotsKnowTheDrawingLibrary = noClasses()
            .that()
            .resideOutsideOfPackage("io.inkstream.standalone.plot..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.jfree..", "de.erichseifert..", "java.awt..");

    @ArchTest
    static final ArchRule namesAreTheFieldsOwn =
            noClasses().should().haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Data)");
}
