import dev.groundplane.server.ControlPlane;
import dev.groundplane.server.local.DataDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A new and empty installation, without an agent, for each line that comes in: closes the one before, and prints how the
 * root calls the new one, as one line of JSON. All run in this one process, since loading classes is what a start costs.
 */
final class FreshInstallations {
    public static void main(String[] arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            serve(lines);
        }
    }

    /** Serves until the next line is asked for. */
    private static void serve(BufferedReader lines) throws IOException {
        Path directory = Files.createTempDirectory("groundplane-conformance-");
        try (ControlPlane plane = new ControlPlane(
                new DataDirectory(directory.resolve("data")),
                freePort(),
                List.of(),
                Duration.ofMinutes(5),
                InstantSource.system())) {
            System.out.println(plane.connection().encode());
            lines.mark(1);
            lines.read();
            lines.reset();
        } finally {
            delete(directory);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
