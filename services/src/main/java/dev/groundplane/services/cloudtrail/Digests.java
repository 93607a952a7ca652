package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * The digests of trails with log file validation: signed lists of the log files that were delivered, one after the other,
 * each with the signature of the one before. One chain per trail and region, from the start of logging to its stop.
 */
final class Digests {
    private static final Logger LOG = LoggerFactory.getLogger(Digests.class);

    private final TrailStore store;
    private final TrailBucket bucket;
    private final DigestKeys keys;
    private final Duration every;
    private final InstantSource clock;

    Digests(TrailStore store, TrailBucket bucket, DigestKeys keys, Duration every, InstantSource clock) {
        this.store = store;
        this.bucket = bucket;
        this.keys = keys;
        this.every = every;
        this.clock = clock;
    }

    /** Notes a log file for the next digest, in the transaction that says that it was delivered. */
    void add(Transaction tx, TrailState trail, String region, long position, LogFile file, Instant now)
            throws SQLException {
        String name = "%s/%s/%019d".formatted(trail.name(), region, position);
        store.logFiles().insert(tx, trail.scope(), name, file, Map.of());
        begin(tx, trail, region, now);
    }

    private void begin(Transaction tx, TrailState trail, String region, Instant now) throws SQLException {
        String chain = trail.name() + "/" + region;
        if (store.digests().find(tx, trail.scope(), chain).isEmpty()) {
            store.digests().insert(tx, trail.scope(), chain, DigestChain.from(region, now.toString()), Map.of());
        }
    }

    /** Delivers the digests that are due: all of a trail that does not log, or not validate, any more. */
    void deliver(TrailKey key) {
        Optional<TrailState> found = store.find(key);
        if (found.isEmpty()) {
            return;
        }
        TrailState trail = found.get();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        boolean goesOn = trail.isLogging() && trail.validates();
        List<Stored<DigestChain>> chains = chains(trail);
        if (goesOn && chains.isEmpty()) {
            store.database().write(tx -> {
                begin(tx, trail, trail.scope().region(), now);
                return true;
            });
        }
        for (Stored<DigestChain> chain : chains) {
            Instant due = Instant.parse(chain.value().start()).plus(every);
            if (!goesOn || chain.value().pendingEnd() != null || !now.isBefore(due)) {
                deliver(trail, chain, now, !goesOn);
            }
        }
    }

    private List<Stored<DigestChain>> chains(TrailState trail) {
        return store.digests()
                .list(trail.scope(), trail.name() + "/", "", Resources.ALL)
                .items();
    }

    private void deliver(TrailState trail, Stored<DigestChain> chain, Instant now, boolean last) {
        Stored<DigestChain> planned = store.database().write(tx -> plan(tx, chain, now));
        DigestChain pending = planned.value();
        Scope signer = new Scope(trail.scope().account(), pending.region());
        List<Stored<LogFile>> listed = listed(trail, pending);
        DigestContent digest = DigestContent.of(
                trail, pending, listed.stream().map(Stored::value).toList(), keys.fingerprint(signer));
        String signature = keys.sign(signer, digest.toSign());
        try {
            bucket.put(
                    trail,
                    digest.key(),
                    Content.gzip(digest.text()),
                    Map.of("signature", signature, "signature-algorithm", DigestKeys.ALGORITHM));
        } catch (AwsServiceException e) {
            LOG.warn("trail {} cannot deliver a digest: {}", trail.arn(), e.getMessage());
            change(trail, t -> t.digestFailed(TrailBucket.code(e)));
            return;
        }
        DigestChain.Link link =
                new DigestChain.Link(trail.bucket(), digest.key(), Content.hash(digest.text()), signature);
        store.database().write(tx -> {
            finish(tx, planned, listed, link, last);
            return true;
        });
        change(trail, t -> t.digested(now));
    }

    /** Decides what the digest covers, unless that was decided before a crash. */
    private Stored<DigestChain> plan(Transaction tx, Stored<DigestChain> seen, Instant now) throws SQLException {
        Stored<DigestChain> chain =
                store.digests().find(tx, seen.scope(), seen.name()).orElse(seen);
        if (chain.value().pendingEnd() != null) {
            return chain;
        }
        List<Stored<LogFile>> files = store.logFiles()
                .list(tx, chain.scope(), chain.name() + "/", "", Resources.ALL)
                .items();
        Instant least = Instant.parse(chain.value().start()).plusSeconds(1); // names have seconds and must differ
        String end = (now.isBefore(least) ? least : now).toString();
        String upTo = files.isEmpty() ? "" : files.getLast().name();
        return store.digests().update(tx, chain.with(chain.value().pending(end, upTo)));
    }

    private List<Stored<LogFile>> listed(TrailState trail, DigestChain pending) {
        String prefix = trail.name() + "/" + pending.region() + "/";
        String upTo = Objects.requireNonNullElse(pending.pendingUpTo(), "");
        return store.logFiles().list(trail.scope(), prefix, "", Resources.ALL).items().stream()
                .filter(file -> file.name().compareTo(upTo) <= 0)
                .toList();
    }

    private void finish(
            Transaction tx,
            Stored<DigestChain> planned,
            List<Stored<LogFile>> listed,
            DigestChain.Link link,
            boolean last)
            throws SQLException {
        Optional<Stored<DigestChain>> chain = store.digests()
                .find(tx, planned.scope(), planned.name())
                .filter(found -> found.version() == planned.version());
        if (chain.isEmpty()) {
            return; // the trail was deleted in the meantime
        }
        for (Stored<LogFile> file : listed) {
            store.logFiles().delete(tx, file);
        }
        if (last) {
            store.digests().delete(tx, chain.get());
        } else {
            String end = Objects.requireNonNull(planned.value().pendingEnd());
            store.digests().update(tx, chain.get().with(planned.value().then(end, link)));
        }
    }

    private interface Change {
        TrailState apply(TrailState trail);
    }

    private void change(TrailState trail, Change change) {
        store.database().write(tx -> {
            Optional<TrailState> found = store.find(tx, TrailKey.of(trail));
            if (found.isPresent()) {
                store.update(tx, change.apply(found.get()));
            }
            return true;
        });
    }
}
