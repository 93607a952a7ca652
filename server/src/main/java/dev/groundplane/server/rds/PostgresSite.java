package dev.groundplane.server.rds;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.tls.CertificateSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where an installation has its PostgreSQL servers.
 *
 * @param archives the directory of the jars that PostgreSQL's programs come in
 * @param programs the directory that they are unpacked to
 * @param servers the directory of all servers' directories
 * @param address to listen on
 * @param certificate for TLS
 * @param host the managed instance that this machine's agent is; empty while it is not registered
 * @param scope the account and region of that agent, in which servers are tasks, whosever they are
 */
public record PostgresSite(
        Path archives,
        Path programs,
        Path servers,
        String address,
        CertificateSource certificate,
        Supplier<Optional<String>> host,
        Scope scope) {
    /** The directory of one server. */
    Path server(String id) {
        return servers.resolve(id);
    }
}
