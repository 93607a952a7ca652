package dev.groundplane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.groundplane.server.http.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installation that vouches for itself. */
class OwnAuthorityTest {
    private Instant now = Instant.now();

    @TempDir
    private Path directory;

    private OwnAuthority authority(String... names) {
        return new OwnAuthority(directory.resolve("tls"), List.of(names), () -> now);
    }

    @Test
    void itsCertificateIsForThisMachineAndWhatWasNamed() {
        Certificate made = authority("10.0.0.5", "platform.bank.example").load();

        assertThat(made.names())
                .contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "10.0.0.5", "platform.bank.example");
        assertThatCode(() -> Authorities.trust(authority().authorities())
                        .checkServerTrusted(made.chain().toArray(X509Certificate[]::new), "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
    }

    @Test
    void itIsMadeOnce() {
        Certificate made = authority().load();
        now = now.plus(Duration.ofDays(59));

        assertThat(authority().load().chain()).isEqualTo(made.chain());
    }

    @Test
    void itIsRenewedAMonthBeforeItExpiresByTheSameAuthority() {
        Certificate made = authority().load();
        now = now.plus(Duration.ofDays(61));
        Certificate renewed = authority().load();

        assertThat(renewed.expires()).isEqualTo(made.expires().plus(Duration.ofDays(61)));
        assertThat(renewed.chain().getLast()).isEqualTo(made.chain().getLast());
        assertThat(renewed.key()).isNotEqualTo(made.key());
    }

    @Test
    void otherNamesAreAnotherCertificate() {
        Certificate made = authority("fe80::1").load();

        assertThat(authority("FE80:0:0:0:0:0:0:1").load().chain())
                .as("the same address")
                .isEqualTo(made.chain());
        assertThat(authority("10.0.0.6").load().names()).contains("10.0.0.6").doesNotContain("fe80:0:0:0:0:0:0:1");
    }

    @Test
    void onlyItsOwnerReadsKeysAndEveryoneTheAuthority() throws IOException {
        authority().load();

        assertThat(permissions("")).isEqualTo("rwx--x--x");
        assertThat(permissions("ca.pem")).isEqualTo("rw-r--r--");
        assertThat(permissions("ca.key")).isEqualTo("rw-------");
        assertThat(permissions("server.key")).isEqualTo("rw-------");
    }

    private String permissions(String file) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("tls").resolve(file)));
    }

    @Test
    void aRunningControlPlaneTakesTheNextOneIntoUse() {
        OwnAuthority source = authority();
        Certificate first = source.load();
        List<Certificate> used = new ArrayList<>();
        try (CertificateRenewal renewal = new CertificateRenewal(source, first, used::add)) {
            renewal.check();
            assertThat(used).isEmpty();

            now = now.plus(Duration.ofDays(61));
            renewal.check();
            renewal.check();
            assertThat(used).singleElement().isEqualTo(renewal.current());
            assertThat(renewal.current().expires()).isAfter(first.expires());
        }
    }

    @Test
    void whatCannotBeUsedLeavesThePresentOneInUse() throws IOException {
        OwnAuthority source = authority();
        Certificate first = source.load();
        List<Certificate> used = new ArrayList<>();
        try (CertificateRenewal renewal = new CertificateRenewal(source, first, used::add)) {
            Files.writeString(directory.resolve("tls/server.pem"), "half a fi");
            renewal.check();

            assertThat(used).isEmpty();
            assertThat(renewal.current()).isEqualTo(first);
        }
    }
}
