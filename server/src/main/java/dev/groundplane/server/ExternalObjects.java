package dev.groundplane.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.server.http.ServiceCalls;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.S3Location;
import dev.groundplane.server.tls.Authorities;
import dev.groundplane.services.s3.S3;
import dev.groundplane.services.s3.external.ExternalS3;
import dev.groundplane.services.s3.external.ExternalStore;
import dev.groundplane.services.s3.external.Unfinished;
import dev.groundplane.services.s3.external.UnfinishedChange;
import dev.groundplane.services.s3.external.WatchedPrefixes;
import dev.groundplane.services.warehouse.CopyJobFiles;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Another S3 that keeps the objects, wired to what wants to know of them. */
final class ExternalObjects {
    private static final String PRINCIPAL = "s3.amazonaws.com";
    private static final Logger LOG = LoggerFactory.getLogger(ExternalObjects.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private ExternalObjects() {}

    /**
     * The S3 that an operator says keeps the objects, which is kept for later starts.
     *
     * @return empty when objects are in the data directory
     * @throws GroundplaneException when it is new and cannot be used, or there are objects in the data directory
     */
    static Optional<ExternalStore> of(DataDirectory data, Settings settings, Database database) {
        if (settings.s3().isEmpty()) {
            return Optional.empty();
        }
        S3Location location = settings.s3().get();
        ExternalStore store = new ExternalStore(
                URI.create(location.endpoint()),
                location.region(),
                Path.of(location.credentialsFile()),
                location.virtualHosts(),
                Optional.ofNullable(location.authoritiesFile())
                        .map(file -> Authorities.trust(Optional.of(Path.of(file)))),
                settings.s3ListEvery());
        boolean known = S3Location.kept(data).filter(location::equals).isPresent();
        if (!known && S3.hasObjects(database)) {
            throw wrong(
                    "%s has objects of its own, which %s would not have: copy them there from an installation that keeps"
                                    .formatted(data.root(), location.endpoint())
                            + " them, with another --data, and delete them here first");
        }
        Optional<String> problem = store.problem();
        if (problem.isPresent() && !known) {
            throw wrong(problem.get());
        }
        problem.ifPresent(words -> LOG.warn("objects cannot be reached now: {}", words)); // everything else can
        location.keep(data);
        return Optional.of(store);
    }

    private static GroundplaneException wrong(String message) {
        return new GroundplaneException(ErrorKind.USER_ERROR, message);
    }

    /** @param spool where content lies that must be known as a whole before it can be sent */
    static ExternalS3 open(
            S3 here,
            Database database,
            ExternalStore store,
            Path spool,
            Scope home,
            CopyJobFiles jobs,
            InstantSource clock) {
        return new ExternalS3(here, database, store, spool, home, new OfCopyJobs(jobs), clock);
    }

    private record OfCopyJobs(CopyJobFiles jobs) implements WatchedPrefixes {
        @Override
        public Set<Prefix> all() {
            return jobs.prefixes().entrySet().stream()
                    .flatMap(bucket -> bucket.getValue().stream().map(prefix -> new Prefix(bucket.getKey(), prefix)))
                    .collect(Collectors.toSet());
        }

        @Override
        public void changed(Transaction transaction, Prefix prefix, long number) throws SQLException {
            jobs.changed(transaction, prefix.bucket(), prefix.text(), number);
        }
    }

    /** Records in the audit trail what was under way when a process ended, as S3's own, with who had called. */
    static Unfinished recordedBy(ServiceCalls calls) {
        return (change, end) -> calls.make(
                PRINCIPAL,
                change.scope(),
                "s3:" + change.operation(),
                parameters(change),
                call -> call.commit(transaction -> {
                    end.in(transaction);
                    return change.id();
                }));
    }

    private static String parameters(UnfinishedChange change) {
        return JSON.createObjectNode()
                .put("Bucket", change.bucket())
                .put("Key", change.key())
                .put("calledBy", change.caller())
                .put("calledAt", change.made().toString())
                .put("callersRequestId", change.requestId())
                .put("outcome", "unknown: the control plane ended while the other S3 was asked")
                .toString();
    }
}
