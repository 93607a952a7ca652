package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Transaction;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.Tag;
import software.amazon.awssdk.services.secretsmanager.model.TagResourceRequest;
import software.amazon.awssdk.services.secretsmanager.model.TagResourceResponse;
import software.amazon.awssdk.services.secretsmanager.model.UntagResourceRequest;
import software.amazon.awssdk.services.secretsmanager.model.UntagResourceResponse;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretResponse;

/** Secrets: their names, descriptions, tags, and their end. */
final class Secrets {
    private static final String SUFFIX_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final long DEFAULT_WINDOW = 30;

    private final SecretStore store;
    private final SecretVersions versions;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Secrets(SecretStore store, SecretVersions versions, InstantSource clock) {
        this.store = store;
        this.versions = versions;
        this.clock = clock;
    }

    /** Idempotent by the request's token and value. */
    CreateSecretResponse create(Call call, CreateSecretRequest request) {
        Parameters.supported(
                request,
                "Name",
                "ClientRequestToken",
                "Description",
                "KmsKeyId",
                "SecretBinary",
                "SecretString",
                "Tags.*");
        String name = Parameters.name(request.name());
        Parameters.description(request.description());
        Parameters.keyId(call.scope(), request.kmsKeyId());
        Parameters.tags(request.tags());
        String token = Parameters.token(request.clientRequestToken());
        Optional<SecretValue> value = SecretValue.of(request.secretString(), request.secretBinary());
        return call.commit(tx -> {
            Optional<Secret> known = store.find(tx, call.scope(), name);
            if (known.isPresent()) {
                return again(tx, known.get(), token, value);
            }
            return made(tx, insert(tx, call.scope(), name, request), token, value);
        });
    }

    private CreateSecretResponse again(Transaction tx, Secret known, String token, Optional<SecretValue> value)
            throws SQLException {
        if (known.deleted()) {
            throw SecretErrors.invalidRequest(
                    "You can't create this secret because a secret with this name is already scheduled for deletion.");
        }
        if (value.isEmpty() || !versions.exists(tx, known, token)) {
            throw SecretErrors.exists("The operation failed because the secret %s already exists.", known.name());
        }
        versions.put(tx, known, token, value.get());
        return created(known, token);
    }

    private Secret insert(Transaction tx, Scope scope, String name, CreateSecretRequest request) throws SQLException {
        Instant now = clock.instant();
        SecretListEntry entry = SecretListEntry.builder()
                .arn(scope.arn("secretsmanager", "secret:" + name + "-" + suffix()))
                .name(name)
                .description(request.description())
                .kmsKeyId(request.kmsKeyId())
                .tags(merged(List.of(), request.tags()))
                .createdDate(now)
                .lastChangedDate(now)
                .build();
        return new Secret(store.secrets().insert(tx, scope, name, entry, Map.of()));
    }

    private CreateSecretResponse made(Transaction tx, Secret secret, String token, Optional<SecretValue> value)
            throws SQLException {
        if (value.isEmpty()) {
            return created(secret, null);
        }
        versions.put(tx, secret, token, value.get());
        store.secrets().update(tx, secret.withStage(Secret.CURRENT, token).stored());
        return created(secret, token);
    }

    private static CreateSecretResponse created(Secret secret, @Nullable String versionId) {
        return CreateSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(versionId)
                .build();
    }

    private String suffix() {
        StringBuilder suffix = new StringBuilder();
        random.ints(6, 0, SUFFIX_LETTERS.length()).forEach(i -> suffix.append(SUFFIX_LETTERS.charAt(i)));
        return suffix.toString();
    }

    /** Changes what the request has; a value becomes a new version with AWSCURRENT. Idempotent by token and value. */
    UpdateSecretResponse update(Call call, UpdateSecretRequest request) {
        Parameters.supported(
                request, "SecretId", "ClientRequestToken", "Description", "KmsKeyId", "SecretBinary", "SecretString");
        Parameters.description(request.description());
        Parameters.keyId(call.scope(), request.kmsKeyId());
        String token = Parameters.token(request.clientRequestToken());
        Optional<SecretValue> value = SecretValue.of(request.secretString(), request.secretBinary());
        return call.commit(tx -> {
            Secret secret = active(tx, call.scope(), request.secretId());
            SecretListEntry.Builder changed =
                    secret.stored().value().toBuilder().lastChangedDate(clock.instant());
            if (request.description() != null) {
                changed.description(request.description());
            }
            if (request.kmsKeyId() != null) {
                changed.kmsKeyId(request.kmsKeyId());
            }
            Secret updated = secret.with(changed.build());
            if (value.isPresent() && versions.put(tx, secret, token, value.get())) {
                updated = updated.withStage(Secret.CURRENT, token);
            }
            store.secrets().update(tx, updated.stored());
            return UpdateSecretResponse.builder()
                    .arn(secret.arn())
                    .name(secret.name())
                    .versionId(value.isPresent() ? token : null)
                    .build();
        });
    }

    /** The secret that a request names, which is not scheduled for deletion. */
    Secret active(Transaction tx, Scope scope, @Nullable String id) throws SQLException {
        Secret secret = store.require(tx, scope, Parameters.secretId(id));
        if (secret.deleted()) {
            throw SecretErrors.markedForDeletion();
        }
        return secret;
    }

    DescribeSecretResponse describe(Secret secret) {
        SecretListEntry entry = secret.stored().value();
        return DescribeSecretResponse.builder()
                .arn(entry.arn())
                .name(entry.name())
                .description(entry.description())
                .kmsKeyId(entry.kmsKeyId())
                .lastChangedDate(entry.lastChangedDate())
                .lastAccessedDate(entry.lastAccessedDate())
                .deletedDate(secret.removal().orElse(null))
                .createdDate(entry.createdDate())
                .tags(entry.tags())
                .versionIdsToStages(secret.stages().isEmpty() ? null : secret.stages())
                .build();
    }

    /** Schedules the removal, or removes at once; the latter is no error when there is nothing. */
    DeleteSecretResponse delete(Call call, DeleteSecretRequest request) {
        boolean force = Boolean.TRUE.equals(request.forceDeleteWithoutRecovery());
        long days = window(request, force);
        String id = Parameters.secretId(request.secretId());
        Instant now = clock.instant();
        return call.commit(tx -> {
            Optional<Secret> found = store.find(tx, call.scope(), id);
            if (force) {
                if (found.isPresent()) {
                    store.remove(tx, found.get());
                }
                return deletion(
                        found.map(Secret::arn).orElse(id),
                        found.map(Secret::name).orElse(id),
                        now);
            }
            Secret secret = found.orElseThrow(SecretErrors::notFound);
            if (secret.deleted()) {
                throw SecretErrors.markedForDeletion();
            }
            Instant removal = now.plus(Duration.ofDays(days));
            Secret scheduled = secret.with(
                    secret.stored().value().toBuilder().deletedDate(now).build());
            store.secrets().update(tx, scheduled.stored().withExtra(SecretStore.EXPIRES, SecretStore.expiry(removal)));
            return deletion(secret.arn(), secret.name(), removal);
        });
    }

    private static long window(DeleteSecretRequest request, boolean force) {
        Long days = request.recoveryWindowInDays();
        if (force && days != null) {
            throw SecretErrors.invalidParameter(
                    "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }
        if (days != null && (days < 7 || days > 30)) {
            throw SecretErrors.invalidParameter(
                    "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
        }
        return days == null ? DEFAULT_WINDOW : days;
    }

    private static DeleteSecretResponse deletion(String arn, String name, Instant at) {
        return DeleteSecretResponse.builder()
                .arn(arn)
                .name(name)
                .deletionDate(at)
                .build();
    }

    /** Idempotent. */
    RestoreSecretResponse restore(Call call, String id) {
        return call.commit(tx -> {
            Secret secret = store.require(tx, call.scope(), id);
            Secret restored = secret.with(
                    secret.stored().value().toBuilder().deletedDate(null).build());
            store.secrets().update(tx, restored.stored().withExtra(SecretStore.EXPIRES, null));
            return RestoreSecretResponse.builder()
                    .arn(secret.arn())
                    .name(secret.name())
                    .build();
        });
    }

    TagResourceResponse tag(Call call, TagResourceRequest request) {
        Parameters.tags(request.tags());
        return call.commit(tx -> {
            Secret secret = active(tx, call.scope(), request.secretId());
            List<Tag> tags = merged(secret.stored().value().tags(), request.tags());
            Parameters.tags(tags);
            store.secrets().update(tx, withTags(secret, tags).stored());
            return TagResourceResponse.builder().build();
        });
    }

    UntagResourceResponse untag(Call call, UntagResourceRequest request) {
        return call.commit(tx -> {
            Secret secret = active(tx, call.scope(), request.secretId());
            List<Tag> left = secret.stored().value().tags().stream()
                    .filter(tag -> !request.tagKeys().contains(tag.key()))
                    .toList();
            store.secrets().update(tx, withTags(secret, left).stored());
            return UntagResourceResponse.builder().build();
        });
    }

    private static Secret withTags(Secret secret, List<Tag> tags) {
        return secret.with(secret.stored().value().toBuilder().tags(tags).build());
    }

    /** Later tags win over those of the same key. */
    private static List<Tag> merged(List<Tag> tags, List<Tag> more) {
        Map<String, Tag> byKey = new LinkedHashMap<>();
        tags.forEach(tag -> byKey.put(tag.key(), tag));
        more.forEach(tag -> byKey.put(tag.key(), tag));
        return new ArrayList<>(byKey.values());
    }
}
