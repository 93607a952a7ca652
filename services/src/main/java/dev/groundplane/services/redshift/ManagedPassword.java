package dev.groundplane.services.redshift;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.identity.Scope;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Function;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Passwords of administrators that Redshift makes itself and keeps in Secrets Manager. Thread-safe. */
final class ManagedPassword {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BYTES = 24;
    private static final int SUFFIX = 8;

    private final Function<Scope, SecretsManagerClient> secrets;
    private final SecureRandom random = new SecureRandom();

    /**
     * A password.
     *
     * @param arn of its secret
     */
    record Made(String password, String arn) {}

    /** @param secrets Secrets Manager on behalf of Redshift */
    ManagedPassword(Function<Scope, SecretsManagerClient> secrets) {
        this.secrets = secrets;
    }

    /** Makes one and its secret, {@code redshift!cluster-user}; with a suffix where that name is taken. */
    Made make(Scope scope, String cluster, String user) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        // A letter of each case and a digit, as administrators' passwords must have.
        String password = "aA1" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String content = JSON.createObjectNode()
                .put("username", user)
                .put("password", password)
                .toString();
        String name = "redshift!%s-%s".formatted(cluster, user);
        SecretsManagerClient client = secrets.apply(scope);
        try {
            return new Made(password, create(client, name, content));
        } catch (ResourceExistsException e) {
            String another = name + "-" + UUID.randomUUID().toString().substring(0, SUFFIX);
            return new Made(password, create(client, another, content));
        }
    }

    private static String create(SecretsManagerClient client, String name, String content) {
        return client.createSecret(r -> r.name(name)
                        .secretString(content)
                        .description("The administrator's password of a Redshift cluster, which manages it."))
                .arn();
    }

    /** Removes a secret at once; nothing when it is gone. */
    void remove(Scope scope, String arn) {
        try {
            secrets.apply(scope).deleteSecret(r -> r.secretId(arn).forceDeleteWithoutRecovery(true));
        } catch (ResourceNotFoundException gone) {
            // as wanted
        }
    }
}
