package dev.groundplane.warehouse;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.gateway.GatewayConnection;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.history.Retention;
import dev.groundplane.warehouse.load.LoadHistory;
import dev.groundplane.warehouse.replication.Replications;
import dev.groundplane.warehouse.session.Sessions;
import dev.groundplane.warehouse.storage.Authorities;
import dev.groundplane.warehouse.storage.ControlPlaneConnections;
import dev.groundplane.warehouse.storage.Staging;
import dev.groundplane.warehouse.storage.Storage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The worker's process. Ends with SIGTERM, after it has written everything down; killed, it loses nothing committed. */
@Command(name = "groundplane-warehouse", description = "Serves one namespace's databases.")
public final class Main implements Callable<Integer> {
    private static final long MIB = 1024 * 1024;

    @Option(names = "--directory", required = true, paramLabel = "DIR", description = "Where the databases are.")
    private Path directory;

    @Option(names = "--database", required = true, paramLabel = "NAME", description = "Made if it is not there.")
    private String database;

    @Option(names = "--gateway", required = true, paramLabel = "HOST:PORT", description = "Where clients come from.")
    private String gateway;

    @Option(names = "--token-file", required = true, paramLabel = "FILE", description = "The gateway's secret.")
    private Path tokenFile;

    @Option(names = "--memory-mib", required = true, paramLabel = "MIB", description = "For data in memory.")
    private long memoryMib;

    @Option(
            names = "--spill-mib",
            required = true,
            paramLabel = "MIB",
            description = "For data that queries put aside.")
    private long spillMib;

    @Option(names = "--threads", required = true, paramLabel = "NUMBER", description = "For queries.")
    private int threads;

    @Option(names = "--endpoint", required = true, paramLabel = "URL", description = "Where S3 and STS are.")
    private URI endpoint;

    @Option(names = "--region", required = true, paramLabel = "REGION", description = "The workgroup's.")
    private String region;

    @Option(
            names = "--authorities",
            paramLabel = "FILE",
            description = "Certificate authorities to trust there, instead of the JVM's.")
    private @Nullable Path authorities;

    Main() {}

    /** Runs until it is told to end. */
    public static void main(String[] words) {
        System.exit(new CommandLine(new Main()).execute(words));
    }

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        var colon = gateway.lastIndexOf(':');
        var address =
                new InetSocketAddress(gateway.substring(0, colon), Integer.parseInt(gateway.substring(colon + 1)));
        var token = Files.readString(tokenFile).strip();
        var limits = new EngineLimits(memoryMib * MIB, spillMib * MIB, threads);
        // Beside the directory, which a restore replaces. A former worker may still be writing everything down.
        try (var channel = FileChannel.open(
                        directory.resolveSibling(directory.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var alone = channel.lock()) {
            // Before, there is nothing that would have to be closed.
            var shutdown = new Shutdown();
            Runtime.getRuntime().addShutdownHook(new Thread(shutdown::end));
            try {
                work(address, token, limits, shutdown);
            } finally {
                shutdown.closed();
            }
        }
        return 0;
    }

    private void work(InetSocketAddress address, String token, EngineLimits limits, Shutdown shutdown)
            throws IOException, SQLException, InterruptedException {
        try (var engine = Engine.open(directory, database, limits);
                var loads = new LoadHistory(engine.session(database));
                var history = new History(engine.session(database), Retention.STANDARD)) {
            var control = new GatewayConnection(address, token);
            var connections = new ControlPlaneConnections(endpoint, region, Authorities.of(authorities));
            var staging = new Staging(directory.resolve(Engine.STAGING), spillMib * MIB);
            var storage = new Storage(control, connections, staging);
            try (var replications = new Replications(engine, control, staging);
                    var sessions = new Sessions(engine, control, storage, loads, replications, history)) {
                var worker = new Worker(address, token, sessions, Worker.Patience.STANDARD);
                shutdown.whenWanted(worker::stop);
                replications.resume();
                worker.run();
            }
        }
    }
}
