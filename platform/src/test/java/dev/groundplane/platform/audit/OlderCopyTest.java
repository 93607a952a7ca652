package dev.groundplane.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.audit.AuditFinding.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An older copy put in the place of the database, which is a file: of a server's there is none to copy. */
class OlderCopyTest {
    @TempDir
    private Path directory;

    private TrailFixture fixture;

    @BeforeEach
    void tenRecordsOfWhichEightAreSigned() {
        fixture = new TrailFixture(directory);
        fixture.append(8);
        fixture.checkpoints.signNew();
        fixture.append(2);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anOlderCopyOfTheDatabaseIsFoundByTheFileBesideIt() throws IOException {
        fixture.stop();
        Path copy = Files.copy(fixture.file(), directory.resolve("copy"));
        fixture.open();
        fixture.append(5);
        fixture.stop();
        Files.copy(copy, fixture.file(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(fixture.verifyFile().findings())
                .extracting(AuditFinding::kind)
                .containsExactlyInAnyOrder(Kind.TRUNCATED, Kind.ROLLED_BACK);

        fixture.open();
        fixture.append(7);
        assertThat(kinds()).as("the file keeps what it knows").contains(Kind.ROLLED_BACK);

        Files.delete(directory.resolve("checkpoint"));
        assertThat(fixture.verify().intact())
                .as("the operator accepted the loss")
                .isTrue();
    }

    private List<Kind> kinds() {
        return fixture.verify().findings().stream().map(AuditFinding::kind).toList();
    }
}
