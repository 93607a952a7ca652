package dev.groundplane.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.audit.AuditFinding;
import dev.groundplane.platform.audit.AuditReport;
import dev.groundplane.platform.audit.AuditVerification;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.PostgresServer;
import dev.groundplane.platform.store.PostgresSnapshot;
import dev.groundplane.platform.store.SqliteSnapshot;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.StoreLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Proves that the audit trail is as it was written, or says where it is not. Reads the database only, while the control plane
 * runs or not. Exit status 1 when something is wrong.
 */
@Command(
        name = "verify",
        description = "Prove that the audit trail is as it was written, or say where it is not.",
        mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {
    private static final long PROGRESS = 100_000;

    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "for scripts")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        DataDirectory directory = data.directory();
        Optional<StoreLocation> shared = StoreLocation.kept(directory);
        AuditReport report = shared.isPresent() ? verifyShared(directory, shared.get()) : verifyOwn(directory);
        System.out.print(json ? json(report) : text(report));
        return report.intact() ? 0 : 1;
    }

    private static AuditReport verifyOwn(DataDirectory directory) {
        if (!Files.exists(directory.database())) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "there is no audit trail in %s; choose another directory with --data".formatted(directory.root()));
        }
        Encryption key = SecretKeyFile.open(directory.secretKey(), directory.database());
        return SqliteSnapshot.read(
                directory.database(), connection -> verify(connection, key, directory.auditCheckpoint()));
    }

    private static AuditReport verifyShared(DataDirectory directory, StoreLocation location) {
        PostgresServer server = location.server(System.getenv());
        Encryption key = SecretKeyFile.open(location.secretKey(directory), Optional.of(server.address()));
        return PostgresSnapshot.read(server, connection -> verify(connection, key, directory.auditCheckpoint()));
    }

    private static AuditReport verify(Connection connection, Encryption key, Path checkpoint) throws SQLException {
        return new AuditVerification(key, checkpoint).run(connection, AuditVerifyCommand::progress);
    }

    private static void progress(long records) {
        if (records % PROGRESS == 0) {
            System.err.printf(Locale.ROOT, "groundplane: %,d records looked at%n", records);
        }
    }

    private static String text(AuditReport report) {
        StringBuilder text = new StringBuilder();
        text.append(report.intact() ? "The audit trail is intact: " : "THE AUDIT TRAIL IS NOT INTACT: ");
        text.append(
                report.records() == 0
                        ? "it has no records.%n".formatted()
                        : "%d records, %d to %d%s.%n"
                                .formatted(report.records(), report.first(), report.last(), chains(report)));
        report.signedAt()
                .ifPresent(time -> text.append("Signed up to record %d, at %s.%n".formatted(report.signed(), time)));
        if (report.last() > report.signed() && report.signedAt().isPresent()) {
            text.append("The %d after that are chained and %s signed yet.%n"
                    .formatted(report.last() - report.signed(), report.chains() == 1 ? "not" : "not all"));
        }
        if (report.removed() > 0) {
            text.append("Those up to %d were removed for their age, which is signed.%n".formatted(report.removed()));
        }
        report.notes().forEach(note -> text.append("Note: %s.%n".formatted(note)));
        if (!report.intact()) {
            text.append("%n%d found; the first:%n".formatted(report.findingCount()));
            report.findings().forEach(finding -> text.append(line(finding)));
        }
        return text.toString();
    }

    private static String chains(AuditReport report) {
        return report.chains() > 1 ? " in the chains of %d control planes".formatted(report.chains()) : "";
    }

    private static String line(AuditFinding finding) {
        return "  record %d%s: %s%n"
                .formatted(
                        finding.position(),
                        finding.eventId().isEmpty() ? "" : " (event " + finding.eventId() + ")",
                        finding.message());
    }

    private static String json(AuditReport report) throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode tree = mapper.createObjectNode()
                .put("intact", report.intact())
                .put("records", report.records())
                .put("first", report.first())
                .put("last", report.last())
                .put("removedUpTo", report.removed())
                .put("chains", report.chains())
                .put("checkpoints", report.checkpoints())
                .put("signedUpTo", report.signed())
                .put("signedAt", report.signedAt().map(Instant::toString).orElse(null))
                .put("findingCount", report.findingCount());
        tree.set("findings", mapper.valueToTree(report.findings()));
        tree.set("notes", mapper.valueToTree(report.notes()));
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    }
}
