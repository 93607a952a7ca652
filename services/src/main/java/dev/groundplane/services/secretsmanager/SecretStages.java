package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.Call;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageResponse;

/** New versions and the labels that say which of them is which. */
final class SecretStages {
    private static final int MAX_STAGES = 20;

    private final SecretStore store;
    private final Secrets secrets;
    private final SecretVersions versions;
    private final InstantSource clock;

    SecretStages(SecretStore store, Secrets secrets, SecretVersions versions, InstantSource clock) {
        this.store = store;
        this.secrets = secrets;
        this.versions = versions;
        this.clock = clock;
    }

    /** Idempotent by token and value; the labels of a version that exists are left as they are. */
    PutSecretValueResponse put(Call call, PutSecretValueRequest request) {
        Parameters.supported(
                request, "SecretId", "ClientRequestToken", "SecretBinary", "SecretString", "VersionStages");
        String token = Parameters.token(request.clientRequestToken());
        List<String> stages = request.hasVersionStages() ? request.versionStages() : List.of(Secret.CURRENT);
        if (stages.isEmpty() || stages.size() > MAX_STAGES) {
            throw Parameters.violation("versionStages", "Member must have length between 1 and " + MAX_STAGES);
        }
        stages.forEach(Parameters::stage);
        SecretValue value = SecretValue.of(request.secretString(), request.secretBinary())
                .orElseThrow(
                        () -> SecretErrors.invalidRequest("You must provide either SecretString or SecretBinary."));
        return call.commit(tx -> {
            Secret secret = secrets.active(tx, call.scope(), request.secretId());
            Secret changed = secret;
            if (versions.put(tx, secret, token, value)) {
                // A secret's first version is current whatever the request says.
                if (secret.versionAt(Secret.CURRENT).isEmpty()) {
                    changed = changed.withStage(Secret.CURRENT, token);
                }
                for (String stage : stages) {
                    changed = changed.withStage(stage, token);
                }
                store.secrets().update(tx, touched(changed).stored());
            }
            return PutSecretValueResponse.builder()
                    .arn(secret.arn())
                    .name(secret.name())
                    .versionId(token)
                    .versionStages(changed.stagesOf(token))
                    .build();
        });
    }

    private Secret touched(Secret secret) {
        return secret.with(secret.stored().value().toBuilder()
                .lastChangedDate(clock.instant())
                .build());
    }

    /** Moves, attaches or removes one label. */
    UpdateSecretVersionStageResponse move(Call call, UpdateSecretVersionStageRequest request) {
        String stage = Parameters.stage(request.versionStage());
        String from = request.removeFromVersionId();
        String to = request.moveToVersionId();
        if (stage.equals(Secret.CURRENT) && to == null) {
            throw SecretErrors.invalidParameter(
                    "You can only move staging label AWSCURRENT to a different secret version."
                            + " It can\u2019t be completely removed.");
        }
        return call.commit(tx -> {
            Secret secret = secrets.active(tx, call.scope(), request.secretId());
            for (String version : from == null ? optional(to) : to == null ? List.of(from) : List.of(from, to)) {
                if (!versions.exists(tx, secret, version)) {
                    throw SecretErrors.noValue("VersionId: " + version);
                }
            }
            checkHolder(secret.versionAt(stage), stage, from, to);
            Secret changed = to == null ? secret.withoutStage(stage) : secret.withStage(stage, to);
            store.secrets().update(tx, touched(changed).stored());
            return UpdateSecretVersionStageResponse.builder()
                    .arn(secret.arn())
                    .name(secret.name())
                    .build();
        });
    }

    private static List<String> optional(@Nullable String version) {
        return version == null ? List.of() : List.of(version);
    }

    /** Whoever moves a label must know where it is, so that two who move it at once do not undo each other's work. */
    private static void checkHolder(Optional<String> holder, String stage, @Nullable String from, @Nullable String to) {
        if (from == null && holder.isPresent() && !holder.get().equals(to)) {
            throw SecretErrors.invalidParameter(
                    "The parameter RemoveFromVersionId can't be empty. Staging label %s is currently attached to version %s,"
                            + " so you must explicitly reference that version in RemoveFromVersionId.",
                    stage, holder.get());
        }
        if (from != null && !holder.filter(from::equals).isPresent()) {
            throw SecretErrors.invalidParameter(
                    "The parameter RemoveFromVersionId is not valid. Staging label %s is not attached to version %s.",
                    stage, from);
        }
    }
}
