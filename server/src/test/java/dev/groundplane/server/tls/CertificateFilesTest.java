package dev.groundplane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.http.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate that somebody else issued: what is wrong with it is said at the start. */
class CertificateFilesTest {
    private final Instant now = Instant.now();
    private final Certificate bank = Issuing.authority("Bank", now, Duration.ofDays(1_000));

    @TempDir
    private Path directory;

    private Path chain;
    private Path key;
    private Path authorities;

    @BeforeEach
    void issue() throws IOException {
        chain = directory.resolve("chain.pem");
        key = directory.resolve("key.pem");
        authorities = directory.resolve("ca.pem");
        Files.writeString(authorities, Pem.certificates(bank.chain()));
        write(Issuing.server(bank, List.of("db.bank.example", "127.0.0.1"), now, Duration.ofDays(10)));
    }

    private void write(Certificate certificate) throws IOException {
        Files.writeString(chain, Pem.certificates(certificate.chain()));
        Files.writeString(key, Pem.key(certificate.key()));
    }

    private CertificateFiles files(Duration later) {
        return new CertificateFiles(chain, key, Optional.of(authorities), List.of("10.0.0.5"), () -> now.plus(later));
    }

    private void assertRefused(CertificateFiles files, String... why) {
        assertThatThrownBy(files::load).isInstanceOf(GroundplaneException.class).hasMessageContainingAll(why);
    }

    @Test
    void aGoodOneIsUsed() {
        assertThat(files(Duration.ZERO).load().names()).containsExactly("db.bank.example", "127.0.0.1");
        assertThat(files(Duration.ZERO).localName()).isEqualTo("127.0.0.1");
    }

    @Test
    void anExpiredOneIsRefused() {
        assertRefused(files(Duration.ofDays(11)), chain.toString(), "it expired on");
        assertRefused(files(Duration.ofDays(-3)), chain.toString(), "it holds from", "clock");
    }

    @Test
    void theKeyOfAnotherIsRefused() throws IOException {
        Files.writeString(
                key, Pem.key(Issuing.authority("Other", now, Duration.ofDays(1)).key()));

        assertRefused(files(Duration.ZERO), key.toString(), "another certificate", chain.toString());
    }

    @Test
    void whatIsNoKeyAndNoCertificateIsRefused() throws IOException {
        Files.writeString(key, "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        assertRefused(files(Duration.ZERO), key.toString(), "openssl pkcs8");
        Files.writeString(chain, "nothing");
        assertRefused(files(Duration.ZERO), chain.toString(), "no certificate in PEM form");
        Files.delete(chain);
        assertRefused(files(Duration.ZERO), chain.toString(), "NoSuchFile");
    }

    @Test
    void whatNobodyVouchesForIsRefused() throws IOException {
        Files.writeString(
                authorities,
                Pem.certificates(
                        Issuing.authority("Other", now, Duration.ofDays(1)).chain()));

        assertRefused(files(Duration.ZERO), authorities.toString(), "does not vouch", "--tls-ca");
    }

    @Test
    void oneThatLeadsNowhereHereIsRefusedByItsNames() throws IOException {
        write(Issuing.server(bank, List.of("10.9.9.9"), now, Duration.ofDays(10)));
        assertThatThrownBy(() -> files(Duration.ZERO).localName())
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContainingAll("10.9.9.9", "--listen");

        write(Issuing.server(bank, List.of("10.0.0.5"), now, Duration.ofDays(10)));
        assertThat(files(Duration.ZERO).localName()).as("where it listens").isEqualTo("10.0.0.5");
    }
}
