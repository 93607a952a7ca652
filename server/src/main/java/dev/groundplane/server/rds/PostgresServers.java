package dev.groundplane.server.rds;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.local.FileTree;
import dev.groundplane.services.rds.DatabaseServer;
import dev.groundplane.services.rds.DatabaseServers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.EcsClient;

/** Servers as tasks of this machine's agent. Thread-safe, as long as each server is worked on by one thread at a time. */
public final class PostgresServers implements DatabaseServers {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresServers.class);
    private static final String SCRIPT = "postgres.sh";

    private final PostgresSite site;
    private final UnaryOperator<String> passwords;
    private final PostgresPrograms programs;
    private final PostgresFiles files;
    private final PostgresTasks tasks;
    private final PostgresBackup backup;

    /**
     * @param ecs on behalf of RDS, in the site's account and region
     * @param passwords the superuser's in the server of an id, always the same one
     */
    public PostgresServers(PostgresSite site, EcsClient ecs, UnaryOperator<String> passwords) {
        this.site = site;
        this.passwords = passwords;
        programs = new PostgresPrograms(site.archives(), site.programs());
        files = new PostgresFiles(site, passwords);
        backup = new PostgresBackup(site, passwords);
        tasks = new PostgresTasks(ecs, site.scope().region());
    }

    @Override
    public List<String> versions() {
        return programs.versions();
    }

    @Override
    public Optional<String> run(DatabaseServer server) {
        Optional<String> host = site.host().get();
        if (host.isEmpty()) {
            return Optional.empty(); // the agent is about to register
        }
        try {
            String configuration = files.write(server);
            // A server that has another superuser's password is another one.
            String name = "%s/%d/%s".formatted(server.id(), server.run(), files.administratorMark(server.id()));
            tasks.run(server, command(server, name), host.get());
            return answer(server, name, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run DB cluster " + server.cluster(), e);
        }
    }

    private List<String> command(DatabaseServer server, String name) throws IOException {
        return List.of(
                "/bin/sh",
                script().toString(),
                programs.of(server.version()).toString(),
                site.server(server.id()).toString(),
                name);
    }

    /** The script that runs a server, out of the class path; it replaces an older one at once. */
    private synchronized Path script() throws IOException {
        Path file = site.servers().resolve(SCRIPT);
        try (InputStream resource = PostgresServers.class.getResourceAsStream(SCRIPT)) {
            if (resource == null) {
                throw new FileNotFoundException(SCRIPT + " is missing from the class path");
            }
            byte[] content = resource.readAllBytes();
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
                Path next = file.resolveSibling(SCRIPT + ".next");
                Files.write(next, content);
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return file;
        }
    }

    /** @param name what {@code groundplane.server} is in a server that was started so */
    private Optional<String> answer(DatabaseServer server, String name, String configuration) {
        try (PostgresSession session = PostgresSession.open(server, site.address(), passwords.apply(server.id()))) {
            if (!session.setting("groundplane.server").equals(name)) {
                return Optional.empty(); // the one before, which is about to end
            }
            session.prepare(server);
            if (!session.setting("groundplane.configuration").equals(configuration)) {
                session.reload();
                return Optional.empty();
            }
            return Optional.of(session.version());
        } catch (SQLException e) {
            LOG.debug("{} does not answer yet", server, e);
            return Optional.empty();
        }
    }

    @Override
    public boolean stop(String id) {
        return tasks.stop(id);
    }

    @Override
    public void remove(String id) {
        tasks.remove(id);
        try {
            FileTree.remove(site.server(id));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the files of " + id, e);
        }
    }

    @Override
    public void copy(String id, Optional<DatabaseServer> running, String copy) {
        try {
            backup.copy(id, running, copy);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the files of " + id, e);
        } catch (SQLException e) {
            throw new GroundplaneException(ErrorKind.EXTERNAL, "cannot take a backup of " + id, e);
        }
    }

    @Override
    public void restore(String copy, String id) {
        try {
            backup.restore(copy, id);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot restore %s to %s".formatted(copy, id), e);
        }
    }

    @Override
    public void removeCopy(String copy) {
        try {
            backup.remove(copy);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + copy, e);
        }
    }

    @Override
    public String administratorPassword(String id) {
        return passwords.apply(id);
    }
}
