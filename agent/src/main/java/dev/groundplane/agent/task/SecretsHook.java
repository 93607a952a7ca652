package dev.groundplane.agent.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.SecretReference;
import dev.groundplane.agent.secrets.AsmReference;
import dev.groundplane.agent.secrets.Retrieval;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Fetches a container's secrets before it starts and makes them variables of its environment. */
final class SecretsHook implements ContainerHook {
    private static final String ASM = "asm";
    private static final String SSM = "ssm";

    private final ContainerSpec container;
    private final Retrieval retrieval;

    SecretsHook(ContainerSpec container, Retrieval retrieval) {
        this.container = container;
        this.retrieval = retrieval;
    }

    @Override
    public LaunchRequest beforeStart(LaunchRequest request) throws StartFailure, InterruptedException {
        if (container.secrets().isEmpty()) {
            return request;
        }
        var values = new LinkedHashMap<String, String>();
        var secrets = new HashMap<AsmReference, String>();
        for (var secret : container.secrets()) {
            switch (secret.provider()) {
                case ASM -> values.put(secret.name(), fromSecretsManager(secret, secrets));
                case SSM -> {}
                default ->
                    throw Retrieval.failure(
                            Retrieval.SECRETS + "secret " + secret.name(),
                            "unknown provider %s".formatted(secret.provider()));
            }
        }
        values.putAll(fromParameterStore());
        return request.withSecrets(values);
    }

    @Override
    public void cancel() {
        retrieval.cancel();
    }

    private String fromSecretsManager(SecretReference secret, Map<AsmReference, String> fetched)
            throws StartFailure, InterruptedException {
        var reference = AsmReference.parse(secret.valueFrom());
        var region = retrieval.region(secret.region());
        var what = Retrieval.SECRETS
                + "fetching secret data from AWS Secrets Manager in region %s: secret %s"
                        .formatted(region, secret.valueFrom());
        var text = fetched.get(reference.withoutKey());
        if (text == null) {
            text = retrieval.get(what, (source, credentials) -> source.secret(region, reference, credentials));
            fetched.put(reference.withoutKey(), text);
        }
        var key = reference.jsonKey();
        return key == null ? text : member(what, text, key);
    }

    /** Numbers and objects are taken as their JSON text. The text itself is in no message. */
    private static String member(String what, String text, String key) throws StartFailure {
        var value = tree(text)
                .filter(JsonNode::isObject)
                .orElseThrow(() ->
                        Retrieval.failure(what, "the secret's text is not a JSON object, so it has no key " + key))
                .get(key);
        if (value == null) {
            throw Retrieval.failure(what, "retrieved secret from Secrets Manager did not contain json key " + key);
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    static Optional<JsonNode> tree(String text) {
        try {
            return Optional.ofNullable(Json.MAPPER.readTree(text));
        } catch (JsonProcessingException quotesTheText) {
            return Optional.empty();
        }
    }

    private Map<String, String> fromParameterStore() throws StartFailure, InterruptedException {
        Map<String, List<SecretReference>> byRegion = container.secrets().stream()
                .filter(secret -> secret.provider().equals(SSM))
                .collect(Collectors.groupingBy(secret -> retrieval.region(secret.region())));
        var values = new LinkedHashMap<String, String>();
        for (var entry : byRegion.entrySet()) {
            var region = entry.getKey();
            var names = entry.getValue().stream()
                    .map(SecretReference::valueFrom)
                    .distinct()
                    .toList();
            var what = Retrieval.SECRETS + "fetching secret data from SSM Parameter Store in " + region;
            var found = retrieval.get(
                    what + ": " + String.join(", ", names),
                    (source, credentials) -> source.parameters(region, names, credentials));
            var missing =
                    names.stream().filter(name -> !found.containsKey(name)).collect(Collectors.joining(", "));
            if (!missing.isEmpty()) {
                throw Retrieval.failure(what, "invalid parameters: " + missing);
            }
            for (var secret : entry.getValue()) {
                values.put(secret.name(), found.getOrDefault(secret.valueFrom(), ""));
            }
        }
        return values;
    }
}
