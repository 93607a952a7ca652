package dev.groundplane.warehouse.storage;

import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.sql.Authorization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * S3 as whom a statement names.
 *
 * @param gateway gives credentials of the namespace's roles
 * @param staging where files lie while the engine works on them
 * @param uploads one permit for each {@link S3Upload} that may be open at a time
 */
public record Storage(Gateway gateway, S3Connections connections, Staging staging, Semaphore uploads) {
    private static final int PARALLEL_UPLOADS = 4;

    /** Storage to which all statements together send so many files at once that their parts fit into 32 MiB of memory. */
    public Storage(Gateway gateway, S3Connections connections, Staging staging) {
        this(gateway, connections, staging, new Semaphore(PARALLEL_UPLOADS, true));
    }

    /**
     * S3 on behalf of a statement. The caller closes it.
     *
     * @param user whose statement it is
     * @throws dev.groundplane.warehouse.sql.SqlFailure when a role cannot be had
     */
    public S3Client s3(Authorization authorization, Optional<String> region, String user) {
        var credentials = switch (authorization) {
            case Authorization.Keys(var id, var secret, var token) ->
                token.<AwsCredentials>map(session -> AwsSessionCredentials.create(id, secret, session))
                        .orElseGet(() -> AwsBasicCredentials.create(id, secret));
            case Authorization.Role(var chain) -> chained(user, chain);
        };
        return connections.s3(credentials, region);
    }

    private AwsCredentials chained(String user, List<String> chain) {
        var answer = gateway.call("AssumeRole", Map.of("role", chain.getFirst(), "user", user));
        AwsCredentials credentials = AwsSessionCredentials.create(
                answer.path("accessKeyId").asText(),
                answer.path("secretAccessKey").asText(),
                answer.path("sessionToken").asText());
        for (var role : chain.subList(1, chain.size())) {
            try {
                credentials = connections.assume(credentials, role);
            } catch (SdkException e) {
                throw S3Failures.of(e, role);
            }
        }
        return credentials;
    }
}
