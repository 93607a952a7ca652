package dev.groundplane.server;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkClient;

/** The module arrows of ARCHITECTURE.md: they point down only. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.groundplane");

    @Test
    void platformUsesNothingOfGroundplaneAndNoAws() {
        noClasses()
                .that()
                .resideInAPackage("dev.groundplane.platform..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.groundplane.wire..",
                        "dev.groundplane.services..",
                        "dev.groundplane.server..",
                        "software.amazon.awssdk..")
                .check(CLASSES);
    }

    @Test
    void loggingUsesNothingOfGroundplane() {
        noClasses()
                .that()
                .resideInAPackage("dev.groundplane.logging..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.groundplane.platform..",
                        "dev.groundplane.wire..",
                        "dev.groundplane.services..",
                        "dev.groundplane.server..",
                        "software.amazon.awssdk..")
                .check(CLASSES);
    }

    @Test
    void wireUsesTheSdkOnlyAndKnowsNoService() {
        noClasses()
                .that()
                .resideInAPackage("dev.groundplane.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.groundplane.platform..",
                        "dev.groundplane.services..",
                        "dev.groundplane.server..",
                        "software.amazon.awssdk.services..")
                .check(CLASSES);
    }

    @Test
    void onlyWireTouchesSdkInternals() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.groundplane.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.awssdk..internal..", "software.amazon.awssdk.protocols..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("software.amazon.awssdk.core.SdkField")
                .check(CLASSES);
    }

    @Test
    void servicesNeverUseTheServer() {
        noClasses()
                .that()
                .resideInAPackage("dev.groundplane.services..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.groundplane.server..")
                .check(CLASSES);
    }

    @Test
    void servicesDoNotDependOnEachOther() {
        slices().matching("dev.groundplane.services.(*)..")
                .should()
                .notDependOnEachOther()
                // What the services that make warehouses, or integrations, have in common is no service.
                .ignoreDependency(alwaysTrue(), resideInAPackage("dev.groundplane.services.warehouse"))
                .ignoreDependency(alwaysTrue(), resideInAPackage("dev.groundplane.services.integration"))
                .check(CLASSES);
    }

    @Test
    void noPackageCycles() {
        slices().matching("dev.groundplane.(*).(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void aServiceImplementsTheSdksClientInterface() {
        classes()
                .that()
                .resideInAPackage("dev.groundplane.services..")
                .and()
                .haveSimpleNameEndingWith("Service")
                .should()
                .implement(SdkClient.class)
                .check(CLASSES);
    }
}
