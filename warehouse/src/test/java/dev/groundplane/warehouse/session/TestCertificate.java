package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server's certificate for localhost, which Amazon's drivers want to see. One serves all tests: keytool takes seconds. */
final class TestCertificate {
    private static @Nullable SSLContext server;
    private static byte[] authority = {};

    private TestCertificate() {}

    /** Who shows it, and in the directory whom clients trust then. */
    static synchronized SSLContext make(Path directory) throws Exception {
        if (server == null) {
            server = generate(directory);
            authority = Files.readAllBytes(authority(directory));
        }
        Files.write(authority(directory), authority);
        return server;
    }

    private static SSLContext generate(Path directory) throws Exception {
        keytool(
                directory,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1");
        keytool(directory, "-exportcert", "-rfc", "-file", authority(directory).toString());
        var keys = KeyStore.getInstance("PKCS12");
        try (var input = Files.newInputStream(directory.resolve("keys.p12"))) {
            keys.load(input, "changeit".toCharArray());
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    /** Whom clients trust then. */
    static Path authority(Path directory) {
        return directory.resolve("server.pem");
    }

    private static void keytool(Path directory, String... words) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-alias", "server", "-storepass", "changeit"));
        command.addAll(List.of("-keystore", directory.resolve("keys.p12").toString()));
        var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }
}
