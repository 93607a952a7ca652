package dev.groundplane.services.cloudtrail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudtrail.model.Trail;

/**
 * Trails in their home region; beside them the log files that no digest lists yet, the ends of their digest chains, and the
 * keys that sign digests. Thread-safe.
 */
final class TrailStore {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private final Resources<Trail> trails;
    private final Resources<LogFile> logFiles;
    private final Resources<DigestChain> digests;
    private final Resources<DigestKey> keys;

    TrailStore(Database database, Events events) {
        this.database = database;
        WireForm<Trail> trail = WireForm.of(Trail.class, Trail::builder);
        trails = new Resources<>(database, events, ResourceType.of("cloudtrail:trail", trail::encode, trail::decode));
        logFiles = new Resources<>(database, events, type("cloudtrail:log-file", LogFile.class));
        digests = new Resources<>(database, events, type("cloudtrail:digest", DigestChain.class));
        keys = new Resources<>(database, events, type("cloudtrail:digest-key", DigestKey.class));
    }

    private static <T> ResourceType<T> type(String name, Class<T> type) {
        return ResourceType.of(
                name,
                value -> {
                    try {
                        return JSON.writeValueAsString(value);
                    } catch (JsonProcessingException e) {
                        throw new IllegalStateException("records always have a JSON form", e);
                    }
                },
                text -> {
                    try {
                        return JSON.readValue(text, type);
                    } catch (JsonProcessingException e) {
                        throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a stored " + name + " is damaged", e);
                    }
                });
    }

    Database database() {
        return database;
    }

    Resources<Trail> trails() {
        return trails;
    }

    /** By {@code TRAIL/REGION/POSITION}. */
    Resources<LogFile> logFiles() {
        return logFiles;
    }

    /** By {@code TRAIL/REGION}. */
    Resources<DigestChain> digests() {
        return digests;
    }

    /** By fingerprint. */
    Resources<DigestKey> keys() {
        return keys;
    }

    Optional<TrailState> find(TrailKey key) {
        return trails.find(key.scope(), key.name()).map(TrailState::new);
    }

    Optional<TrailState> find(Transaction tx, TrailKey key) throws SQLException {
        return trails.find(tx, key.scope(), key.name()).map(TrailState::new);
    }

    void update(Transaction tx, TrailState changed) throws SQLException {
        trails.update(tx, changed.stored());
    }

    /** Every trail. */
    List<TrailState> all() {
        return trails.all().stream().map(TrailState::new).toList();
    }

    /** An account's trails in every region. */
    List<TrailState> ofAccount(String account) {
        return all().stream()
                .filter(trail -> trail.scope().account().equals(account))
                .toList();
    }

    /**
     * A trail as seen from a region: its own ones and, as their shadows, those that cover all regions.
     *
     * @throws software.amazon.awssdk.services.cloudtrail.model.TrailNotFoundException when there is none
     */
    TrailState require(Scope scope, @Nullable String nameOrArn) {
        TrailName name = TrailName.of(scope, nameOrArn);
        return find(new TrailKey(name.scope(), name.name()))
                .or(() -> ofAccount(scope.account()).stream()
                        .filter(trail -> !name.byArn() && trail.isMultiRegion())
                        .filter(trail -> trail.name().equals(name.name()))
                        .findFirst())
                .orElseThrow(() -> TrailErrors.notFound(String.valueOf(nameOrArn), scope.account()));
    }

    /**
     * A trail that is to be changed, as the open transaction sees it.
     *
     * @throws software.amazon.awssdk.services.cloudtrail.model.InvalidHomeRegionException when it is another region's
     */
    TrailState requireHome(Transaction tx, Scope scope, @Nullable String nameOrArn) throws SQLException {
        TrailState seen = require(scope, nameOrArn);
        if (!seen.scope().equals(scope)) {
            throw TrailErrors.notAtHome(seen.arn(), seen.scope().region());
        }
        return find(tx, TrailKey.of(seen))
                .orElseThrow(() -> TrailErrors.notFound(String.valueOf(nameOrArn), scope.account()));
    }

    /** Removes a trail with everything that belongs to it. Objects that it delivered stay. */
    void remove(Transaction tx, TrailState trail) throws SQLException {
        for (Stored<LogFile> file : logFiles.list(tx, trail.scope(), trail.name() + "/", "", Resources.ALL)
                .items()) {
            logFiles.delete(tx, file);
        }
        for (Stored<DigestChain> chain : digests.list(tx, trail.scope(), trail.name() + "/", "", Resources.ALL)
                .items()) {
            digests.delete(tx, chain);
        }
        trails.delete(tx, trail.stored());
    }
}
