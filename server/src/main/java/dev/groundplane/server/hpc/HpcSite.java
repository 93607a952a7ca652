package dev.groundplane.server.hpc;

import dev.groundplane.platform.identity.Scope;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where an installation has its clusters of Slurm.
 *
 * @param clusters the directory of all clusters' directories
 * @param endpoint the control plane's
 * @param authorities whom to trust there, a PEM file; empty for whom the system trusts
 * @param host the managed instance that this machine's agent is; empty while it is not registered
 * @param scope the account and region of that agent, in which nodes are tasks, whosever they are
 */
public record HpcSite(
        Path clusters, String endpoint, Optional<Path> authorities, Supplier<Optional<String>> host, Scope scope) {
    /** The directory of one cluster. */
    Path cluster(String id) {
        return clusters.resolve(id);
    }
}
