package dev.groundplane.services.secretsmanager;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.LimitExceededException;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;

/** The versions of secrets: written once, found by id or label. Thread-safe. */
final class SecretVersions {
    /** AWS's quota; beyond it versions without a label go, once they are a day old. */
    static final int MAX = 100;

    private static final Duration KEPT = Duration.ofDays(1);

    private final SecretStore store;
    private final SealedValues values;
    private final InstantSource clock;

    SecretVersions(SecretStore store, SealedValues values, InstantSource clock) {
        this.store = store;
        this.values = values;
        this.clock = clock;
    }

    /**
     * Stores a version, unless there is one of that id with the same value.
     *
     * @return whether it is new
     * @throws software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException when there is one with another
     *     value
     */
    boolean put(Transaction tx, Secret secret, String versionId, SecretValue value) throws SQLException {
        Scope scope = secret.stored().scope();
        String key = SecretStore.versionPrefix(secret.name()) + versionId;
        Optional<Stored<SecretVersionsListEntry>> known = store.versions().find(tx, scope, key);
        if (known.isPresent()) {
            if (!SealedValues.same(
                    values.open(secret.arn(), versionId, known.get().extra()), value)) {
                throw SecretErrors.exists(
                        "You can't use ClientRequestToken %s because that value is already in use for a version of"
                                + " secret %s.",
                        versionId, secret.arn());
            }
            return false;
        }
        makeRoom(tx, secret);
        SecretVersionsListEntry version = SecretVersionsListEntry.builder()
                .versionId(versionId)
                .createdDate(clock.instant())
                .kmsKeyIds("DefaultEncryptionKey")
                .build();
        store.versions().insert(tx, scope, key, version, values.seal(secret.arn(), versionId, value));
        return true;
    }

    private void makeRoom(Transaction tx, Secret secret) throws SQLException {
        List<Stored<SecretVersionsListEntry>> versions = store.versions()
                .list(tx, secret.stored().scope(), SecretStore.versionPrefix(secret.name()), "", Resources.ALL)
                .items();
        if (versions.size() < MAX) {
            return;
        }
        Instant before = clock.instant().minus(KEPT);
        List<Stored<SecretVersionsListEntry>> outdated = versions.stream()
                .filter(v -> secret.stagesOf(v.value().versionId()).isEmpty()
                        && v.value().createdDate().isBefore(before))
                .toList();
        if (outdated.isEmpty()) {
            throw LimitExceededException.builder()
                    .message(
                            "The secret %s has %d versions, and those without a staging label are less than 24 hours old."
                                    .formatted(secret.name(), MAX))
                    .build();
        }
        for (Stored<SecretVersionsListEntry> version : outdated) {
            store.versions().delete(tx, version);
        }
    }

    /** Whether the secret has a version of that id. */
    boolean exists(Transaction tx, Secret secret, String versionId) throws SQLException {
        return store.versions()
                .find(tx, secret.stored().scope(), SecretStore.versionPrefix(secret.name()) + versionId)
                .isPresent();
    }

    /** All versions, in order of their ids, with their labels. */
    List<SecretVersionsListEntry> list(Secret secret) {
        return store
                .versions()
                .list(secret.stored().scope(), SecretStore.versionPrefix(secret.name()), "", Resources.ALL)
                .items()
                .stream()
                .map(v -> v.value().toBuilder()
                        .versionStages(secret.stagesOf(v.value().versionId()))
                        .build())
                .toList();
    }

    /**
     * A version's value.
     *
     * @param versionId null for the one with the label
     * @param stage null for AWSCURRENT when there is no id either
     */
    GetSecretValueResponse value(Secret secret, @Nullable String versionId, @Nullable String stage) {
        if (secret.deleted()) {
            throw SecretErrors.markedForDeletion();
        }
        String id = id(secret, versionId, stage);
        Stored<SecretVersionsListEntry> version = store.versions()
                .find(secret.stored().scope(), SecretStore.versionPrefix(secret.name()) + id)
                .orElseThrow(() -> SecretErrors.noValue("VersionId: " + id));
        SecretValue value = values.open(secret.arn(), id, version.extra());
        noteAccess(secret);
        return GetSecretValueResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(id)
                .versionStages(secret.stagesOf(id))
                .createdDate(version.value().createdDate())
                .secretString(value.text())
                .secretBinary(value.binary())
                .build();
    }

    private static String id(Secret secret, @Nullable String versionId, @Nullable String stage) {
        if (versionId == null) {
            String wanted = stage == null ? Secret.CURRENT : stage;
            return secret.versionAt(wanted).orElseThrow(() -> SecretErrors.noValue("staging label: " + wanted));
        }
        if (stage != null && !secret.stagesOf(versionId).contains(stage)) {
            throw SecretErrors.invalidRequest(
                    "You provided a VersionStage that is not associated to the provided VersionId.");
        }
        return versionId;
    }

    /** AWS tells the day of the last access, so one write a day is enough. */
    private void noteAccess(Secret secret) {
        Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
        Instant noted = secret.stored().value().lastAccessedDate();
        if (noted != null && !noted.isBefore(today)) {
            return;
        }
        store.database().writeLater(tx -> {
            Optional<Secret> now = store.find(tx, secret.stored().scope(), secret.arn());
            if (now.isPresent()) {
                store.secrets()
                        .update(
                                tx,
                                now.get()
                                        .with(now.get().stored().value().toBuilder()
                                                .lastAccessedDate(today)
                                                .build())
                                        .stored());
            }
            return true;
        });
    }
}
