package dev.groundplane.services.ssm;

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
import software.amazon.awssdk.services.ssm.model.GetParametersByPathRequest;
import software.amazon.awssdk.services.ssm.model.PutParameterRequest;
import software.amazon.awssdk.services.ssm.model.SsmException;

/**
 * Systems Manager's actions, resources and condition keys. Source: Service Authorization Reference, "AWS Systems Manager".
 */
final class SsmAccess implements AccessModel {
    private final ParameterStore parameters;

    SsmAccess(ParameterStore parameters) {
        this.parameters = parameters;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        String action = "ssm:" + operation;
        ConditionKeys keys = new ConditionKeys()
                .requestTags(FieldPaths.pairs(request, "Tags", "Key", "Value"))
                .tagKeys(FieldPaths.texts(request, "TagKeys"));
        if (request instanceof PutParameterRequest put) {
            keys.set("ssm:overwrite", Boolean.toString(Boolean.TRUE.equals(put.overwrite())));
        }
        if (request instanceof GetParametersByPathRequest path) {
            keys.set("ssm:recursive", Boolean.toString(Boolean.TRUE.equals(path.recursive())));
            // A path is a resource without a slash at its end.
            String below = Optional.ofNullable(path.path()).orElse("/");
            String trimmed = below.endsWith("/") ? below.substring(0, below.length() - 1) : below;
            return List.of(AccessRequest.on(action, scope.arn("ssm", "parameter" + trimmed))
                    .with(keys.values()));
        }
        List<String> names = FieldPaths.texts(request, "Names");
        if (!names.isEmpty()) {
            return names.stream()
                    .map(name -> parameter(scope, action, name, keys))
                    .toList();
        }
        Optional<String> name = operation.contains("Parameter") ? FieldPaths.text(request, "Name") : Optional.empty();
        if (name.isPresent()) {
            return List.of(parameter(scope, action, name.get(), keys));
        }
        Optional<String> instance = FieldPaths.text(request, "InstanceId");
        if (instance.isPresent()) {
            String arn = scope.arn("ssm", "managed-instance/" + instance.get());
            return List.of(AccessRequest.on(action, arn).with(keys.values()));
        }
        Optional<String> tagged = FieldPaths.text(request, "ResourceId");
        if (tagged.isPresent()) {
            return FieldPaths.text(request, "ResourceType")
                            .filter("Parameter"::equals)
                            .isPresent()
                    ? List.of(parameter(scope, action, tagged.get(), keys))
                    : List.of(AccessRequest.on(action, scope.arn("ssm", tagged.get()))
                            .with(keys.values()));
        }
        return List.of(AccessRequest.onEverything(action).with(keys.values()));
    }

    private AccessRequest parameter(Scope scope, String action, String named, ConditionKeys keys) {
        String name;
        try {
            name = ParameterName.selection(scope, named).name();
        } catch (SsmException e) {
            name = named; // not this account's, or no name at all: the operation says so
        }
        Map<String, String> tags = tags(scope, name);
        ConditionKeys all = new ConditionKeys().resourceTags(tags);
        tags.forEach((key, value) -> all.set("ssm:resourcetag/" + key, value));
        keys.values().forEach(all::set);
        String known = parameters.find(scope, name).map(stored -> stored.name()).orElse(name);
        return AccessRequest.on(action, ParameterName.arn(scope, known)).with(all.values());
    }

    private Map<String, String> tags(Scope scope, String name) {
        Map<String, String> tags = new LinkedHashMap<>();
        parameters
                .find(scope, name)
                .ifPresent(stored -> ParameterTags.of(stored).forEach(tag -> tags.put(tag.key(), tag.value())));
        return tags;
    }
}
