package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyRequest;

/**
 * Secrets Manager's actions, resources and condition keys. A secret's resource policy takes part. Source: Service
 * Authorization Reference, "AWS Secrets Manager".
 */
final class SecretsAccess implements AccessModel {
    private static final String PREFIX = "secretsmanager:";

    private final SecretStore store;

    SecretsAccess(SecretStore store) {
        this.store = store;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        ConditionKeys keys = new ConditionKeys()
                .requestTags(FieldPaths.pairs(request, "Tags", "Key", "Value"))
                .tagKeys(FieldPaths.texts(request, "TagKeys"))
                .set("secretsmanager:secretprimaryregion", scope.region());
        copy(request, keys, "Name", "Description", "KmsKeyId", "VersionId", "VersionStage");
        if (request instanceof DeleteSecretRequest delete) {
            keys.set(
                    "secretsmanager:forcedeletewithoutrecovery",
                    Boolean.toString(Boolean.TRUE.equals(delete.forceDeleteWithoutRecovery())));
            if (delete.recoveryWindowInDays() != null) {
                keys.set("secretsmanager:recoverywindowindays", Long.toString(delete.recoveryWindowInDays()));
            }
        }
        if (request instanceof PutResourcePolicyRequest put) {
            keys.set(
                    "secretsmanager:blockpublicpolicy", Boolean.toString(Boolean.TRUE.equals(put.blockPublicPolicy())));
        }
        Optional<String> id = FieldPaths.text(request, "SecretId");
        if (id.isPresent()) {
            return List.of(onSecret(scope, PREFIX + operation, id.get(), keys.values()));
        }
        if (operation.equals("CreateSecret")) {
            String arn = scope.arn(
                    "secretsmanager",
                    "secret:" + FieldPaths.text(request, "Name").orElse(""));
            return List.of(AccessRequest.on(PREFIX + operation, arn).with(keys.values()));
        }
        return List.of(AccessRequest.onEverything(PREFIX + operation).with(keys.values()));
    }

    private static void copy(SdkPojo request, ConditionKeys keys, String... members) {
        for (String member : members) {
            FieldPaths.text(request, member).ifPresent(value -> keys.set(PREFIX + member, value));
        }
    }

    /** An action on the secret that a caller names; on one that is not there, by that name. */
    AccessRequest onSecret(Scope scope, String action, String id, Map<String, List<String>> context) {
        Optional<Secret> found = store.find(scope, id);
        if (found.isEmpty()) {
            String arn = Arns.isArn(id) ? id : scope.arn("secretsmanager", "secret:" + id);
            return AccessRequest.on(action, arn).with(context);
        }
        Map<String, String> tags = new LinkedHashMap<>();
        found.get()
                .stored()
                .value()
                .tags()
                .forEach(tag ->
                        tags.put(tag.key(), Optional.ofNullable(tag.value()).orElse("")));
        ConditionKeys keys = new ConditionKeys()
                .resourceTags(tags)
                .set("secretsmanager:secretid", found.get().arn());
        tags.forEach((key, value) -> keys.set("secretsmanager:resourcetag/" + key, value));
        context.forEach(keys::set);
        return new AccessRequest(action, found.get().arn(), found.get().policy(), keys.values());
    }
}
