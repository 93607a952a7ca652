package dev.groundplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.server.hpc.HpcSite;
import dev.groundplane.server.http.ServiceEndpoint;
import dev.groundplane.server.rds.PostgresSite;
import dev.groundplane.server.tls.OwnAuthority;
import dev.groundplane.services.iam.AccessKeys;
import dev.groundplane.wire.OperationModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generates docs/coverage from the code and fails when what is there differs. Run with {@code -Dcoverage.write=true} to
 * bring it up to date.
 */
class CoverageTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "coverage", "README.md");

    @Test
    void theDocumentSaysWhatTheCodeDoes(@TempDir Path directory) throws IOException {
        String generated = generate(directory);
        if (Boolean.getBoolean("coverage.write")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, generated);
        }
        assertThat(DOCUMENT)
                .as("docs/coverage is out of date; ./mvnw -pl server -am test -Dtest=CoverageTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dcoverage.write=true")
                .content()
                .isEqualTo(generated);
    }

    private static String generate(Path directory) {
        StringBuilder text = new StringBuilder("""
                # What is implemented

                Generated from the code by `CoverageTest`. An operation that is listed does what AWS documents; the members of
                its request that it does not act on are refused by name. Any other operation answers HTTP 501 and names itself.

                | Service | Protocol | Implemented | Of AWS's |
                |---|---|---|---|
                """);
        StringBuilder details = new StringBuilder();
        try (Database database = new SqliteDatabase(directory.resolve("coverage.db"), Services.migrations());
                Services services = services(directory, database)) {
            List<ServiceEndpoint> endpoints = services.catalog().endpoints().stream()
                    .sorted(Comparator.comparing(e -> e.model().signingName()))
                    .toList();
            for (ServiceEndpoint endpoint : endpoints) {
                List<String> all = endpoint.model().allOperations().stream()
                        .map(OperationModel::name)
                        .toList();
                List<String> implemented = endpoint.model().allOperations().stream()
                        .filter(endpoint::implementsOperation)
                        .map(OperationModel::name)
                        .toList();
                String name = endpoint.model().signingName();
                text.append("| %s | %s | %d | %d |%n"
                        .formatted(name, endpoint.model().protocol(), implemented.size(), all.size()));
                details.append("%n## %s%n%n".formatted(name));
                implemented.forEach(
                        operation -> details.append("- ").append(operation).append('\n'));
            }
        }
        return text.append(details).toString();
    }

    private static Services services(Path directory, Database database) {
        Encryption encryption = SecretKeyFile.open(directory.resolve("secret.key"), directory.resolve("none"));
        Events events = new Events();
        return new Services(
                database,
                events,
                new AuditTrail(database),
                new AccessKeys(database, events, encryption),
                new SessionCredentials(encryption),
                encryption,
                InstantSource.system(),
                "http://localhost",
                Duration.ofMinutes(5),
                AuditSettings.DEFAULT.deliveries(),
                directory.resolve("s3"),
                Optional.empty(),
                new PostgresSite(
                        directory,
                        directory,
                        directory,
                        "localhost",
                        new OwnAuthority(directory, List.of(), InstantSource.system()),
                        Optional::empty,
                        new Scope("", "")),
                new HpcSite(directory, "http://localhost", Optional.empty(), Optional::empty, new Scope("", "")));
    }
}
