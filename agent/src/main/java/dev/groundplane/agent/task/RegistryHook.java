package dev.groundplane.agent.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Image;
import dev.groundplane.agent.driver.LaunchRequest.RegistryCredentials;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.secrets.AsmReference;
import dev.groundplane.agent.secrets.Retrieval;

/** Fetches the user and password with which a container's image is pulled. */
final class RegistryHook implements ContainerHook {
    private final ContainerSpec container;
    private final Retrieval retrieval;

    RegistryHook(ContainerSpec container, Retrieval retrieval) {
        this.container = container;
        this.retrieval = retrieval;
    }

    @Override
    public LaunchRequest beforeStart(LaunchRequest request) throws StartFailure, InterruptedException {
        var authentication = container.registryAuthentication();
        var where = authentication == null ? null : authentication.asmAuthData();
        if (where == null) {
            return request;
        }
        var region = retrieval.region(where.region());
        var secret = where.credentialsParameter();
        var what = Retrieval.SECRETS
                + "fetching registry credentials from AWS Secrets Manager in region %s: secret %s"
                        .formatted(region, secret);
        var text = retrieval.get(
                what, (source, credentials) -> source.secret(region, AsmReference.whole(secret), credentials));
        var tree = SecretsHook.tree(text).filter(JsonNode::isObject);
        var username = tree.map(node -> node.path("username").asText("")).orElse("");
        var password = tree.map(node -> node.path("password").asText("")).orElse("");
        if (username.isEmpty() || password.isEmpty()) {
            throw Retrieval.failure(
                    what, "the secret's text must be a JSON object with a \"username\" and a \"password\"");
        }
        return request.withImage(new Image(request.image().name(), new RegistryCredentials(username, password)));
    }

    @Override
    public void cancel() {
        retrieval.cancel();
    }
}
