package dev.groundplane.warehouse;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.StartupPacket;
import dev.groundplane.warehouse.access.Principals;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.history.Retention;
import dev.groundplane.warehouse.load.LoadHistory;
import dev.groundplane.warehouse.replication.Replications;
import dev.groundplane.warehouse.session.Idleness;
import dev.groundplane.warehouse.session.Sessions;
import dev.groundplane.warehouse.storage.Authorities;
import dev.groundplane.warehouse.storage.ControlPlaneConnections;
import dev.groundplane.warehouse.storage.Staging;
import dev.groundplane.warehouse.storage.Storage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/**
 * What a worker does from its start to its first answers, once and without a control plane. The launcher has Java record it, so
 * that workers start from classes that are loaded and linked beforehand.
 */
final class Rehearsal {
    private static final long BYTES = 256L << 20;
    private static final List<String> STATEMENTS = List.of(
            "SELECT 1",
            "CREATE TABLE rehearsal(i INTEGER, s VARCHAR(10))",
            "INSERT INTO rehearsal VALUES (1, 'a')",
            "SELECT count(*) FROM rehearsal WHERE i = 1",
            "SELECT table_name FROM svv_all_tables");

    /** Nobody asks a session to be parked here. */
    private static final Idleness ALONE = new Idleness() {
        @Override
        public void parked(byte[] state) {
            throw new IllegalStateException("nobody keeps a session's state here");
        }

        @Override
        public void stays() {}
    };

    private Rehearsal() {}

    /** @param words an empty directory */
    public static void main(String[] words) throws IOException, SQLException {
        new CommandLine(new Main()).getUsageMessage();
        var directory = Path.of(words[0]);
        var administrator = new Principals.User(Principals.ADMINISTRATOR, "admin", true, true, "infinity", -1, 0);
        var principals = new ObjectMapper().valueToTree(new Principals(List.of(administrator), List.of(), List.of()));
        Gateway gateway = (operation, members) -> principals;
        try (var engine = Engine.open(directory, "dev", new EngineLimits(BYTES, BYTES, 1));
                var loads = new LoadHistory(engine.session("dev"));
                var history = new History(engine.session("dev"), Retention.STANDARD)) {
            var connections =
                    new ControlPlaneConnections(URI.create("http://127.0.0.1:1"), "us-east-1", Authorities.of(null));
            var staging = new Staging(directory.resolve(Engine.STAGING), BYTES);
            var storage = new Storage(gateway, connections, staging);
            new Sessions(engine, gateway, storage, loads, new Replications(engine, gateway, staging), history)
                    .serve(
                            new StartupPacket.Startup(0, Map.of("user", "admin", "database", "dev")),
                            new ByteArrayInputStream(requests()),
                            new MessageOutput(OutputStream.nullOutputStream()),
                            ALONE);
        }
    }

    /** The statements as a client sends them, and its leaving. */
    private static byte[] requests() {
        var requests = new ByteArrayOutputStream();
        for (var statement : STATEMENTS) {
            requests.writeBytes(message('Q', Optional.of(statement)));
        }
        requests.writeBytes(message('X', Optional.empty()));
        return requests.toByteArray();
    }

    private static byte[] message(char type, Optional<String> text) {
        var content =
                text.map(sql -> (sql + '\0').getBytes(StandardCharsets.UTF_8)).orElse(new byte[0]);
        return ByteBuffer.allocate(1 + Integer.BYTES + content.length)
                .put((byte) type)
                .putInt(Integer.BYTES + content.length)
                .put(content)
                .array();
    }
}
