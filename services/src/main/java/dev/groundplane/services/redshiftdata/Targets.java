package dev.groundplane.services.redshiftdata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.wire.FieldPaths;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsResponse;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamResponse;
import software.amazon.awssdk.services.redshift.model.RedshiftException;
import software.amazon.awssdk.services.redshiftdata.model.ValidationException;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListWorkgroupsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.Workgroup;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** Finds the workgroup or cluster that a request means and the database user that its caller is there. Thread-safe. */
final class Targets {
    /** Members of requests that are read here. */
    static final Set<String> MEMBERS = Set.of("ClusterIdentifier", "WorkgroupName", "Database", "DbUser", "SecretArn");

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{3,64}");
    private static final Pattern ARN = Pattern.compile("arn:aws:redshift-serverless:[a-z0-9-]+:\\d{12}:workgroup/.+");
    /** A statement may have to wait for its turn. */
    private static final int PASSWORD_SECONDS = 3600;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Neighbours neighbours;

    Targets(Neighbours neighbours) {
        this.neighbours = neighbours;
    }

    /**
     * Where a request's statement is to run.
     *
     * @param database where to connect to
     * @throws ValidationException when there is no such workgroup or cluster, or the request does not say where and as whom
     */
    Target of(Call call, SdkPojo request, @Nullable String database) {
        Optional<String> cluster = FieldPaths.text(request, "ClusterIdentifier");
        Optional<String> name = FieldPaths.text(request, "WorkgroupName");
        if (cluster.isPresent() && name.isPresent()) {
            throw DataErrors.invalid("Either ClusterIdentifier or WorkgroupName must be given, not both.");
        }
        Optional<String> user = FieldPaths.text(request, "DbUser");
        if (user.isPresent() && cluster.isEmpty()) {
            throw DataErrors.invalid("DbUser is for provisioned clusters; leave it out. In a workgroup the caller is"
                    + " IAM:user or IAMR:role, or whom SecretArn names.");
        }
        Located located = cluster.isPresent()
                ? cluster(call.scope(), cluster.get())
                : located(require(call.scope(), name.orElse("")));
        if (database == null || database.isEmpty()) {
            throw DataErrors.invalid("Database is required; %s has dev, for example.", located.site());
        }
        Optional<String> secret = FieldPaths.text(request, "SecretArn");
        if (secret.isPresent()) {
            return bySecret(call, located, database, secret.get());
        }
        if (!located.site().cluster()) {
            return byIdentity(call, located, database);
        }
        return user.isPresent()
                ? byName(call, located, database, user.get())
                : byClusterIdentity(call, located, database);
    }

    /** @param host where the port of the site is */
    private record Located(Site site, String host, int port) {
        Target as(String user, String password, String database) {
            return new Target(site, host, port, database, user, password);
        }
    }

    private static Located located(Workgroup workgroup) {
        return new Located(
                new Site(false, workgroup.workgroupName()),
                workgroup.endpoint().address(),
                workgroup.endpoint().port());
    }

    private Located cluster(Scope scope, String identifier) {
        try {
            Cluster found = neighbours
                    .clusters(scope)
                    .describeClusters(r -> r.clusterIdentifier(identifier))
                    .clusters()
                    .getFirst();
            return new Located(
                    new Site(true, found.clusterIdentifier()),
                    found.endpoint().address(),
                    found.endpoint().port());
        } catch (RedshiftException e) {
            throw noEndpoint("cluster " + identifier);
        }
    }

    private Target byIdentity(Call call, Located located, String database) {
        GetCredentialsResponse given = neighbours.credentials(
                call,
                GetCredentialsRequest.builder()
                        .workgroupName(located.site().name())
                        .dbName(database)
                        .durationSeconds(PASSWORD_SECONDS)
                        .build());
        return located.as(given.dbUser(), given.dbPassword(), database);
    }

    private Target byName(Call call, Located located, String database, String user) {
        GetClusterCredentialsResponse given = neighbours.clusterCredentials(
                call,
                GetClusterCredentialsRequest.builder()
                        .clusterIdentifier(located.site().name())
                        .dbUser(user)
                        .dbName(database)
                        .durationSeconds(PASSWORD_SECONDS)
                        .build());
        return located.as(given.dbUser(), given.dbPassword(), database);
    }

    private Target byClusterIdentity(Call call, Located located, String database) {
        GetClusterCredentialsWithIamResponse given = neighbours.clusterCredentials(
                call,
                GetClusterCredentialsWithIamRequest.builder()
                        .clusterIdentifier(located.site().name())
                        .dbName(database)
                        .durationSeconds(PASSWORD_SECONDS)
                        .build());
        return located.as(given.dbUser(), given.dbPassword(), database);
    }

    private Target bySecret(Call call, Located located, String database, String secret) {
        GetSecretValueResponse value;
        try {
            value = neighbours.secret(
                    call, GetSecretValueRequest.builder().secretId(secret).build());
        } catch (software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException e) {
            throw DataErrors.invalid("Secrets Manager can't find the specified secret: %s.", secret);
        }
        JsonNode content = json(value.secretString());
        String user = content.path("username").asText("");
        String password = content.path("password").asText("");
        if (user.isEmpty() || password.isEmpty()) {
            throw DataErrors.invalid("The secret %s must be a JSON object with username and password.", secret);
        }
        return located.as(user, password, database);
    }

    private static JsonNode json(@Nullable String text) {
        try {
            return JSON.readTree(Objects.requireNonNullElse(text, ""));
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private Workgroup require(Scope scope, String nameOrArn) {
        if (nameOrArn.isEmpty()) {
            throw DataErrors.invalid("One of ClusterIdentifier, WorkgroupName and SessionId is required.");
        }
        return find(scope, nameOrArn).orElseThrow(() -> noEndpoint("workgroup " + nameOrArn));
    }

    private static ValidationException noEndpoint(String which) {
        return DataErrors.invalid("Redshift endpoint doesn't exist in this region: there is no %s.", which);
    }

    /** The name of a workgroup that is there. */
    String name(Scope scope, String nameOrArn) {
        return require(scope, nameOrArn).workgroupName();
    }

    /** The ARN of a workgroup by its name or ARN; empty when there is none. */
    Optional<String> arn(Scope scope, String nameOrArn) {
        return find(scope, nameOrArn).map(Workgroup::workgroupArn);
    }

    private Optional<Workgroup> find(Scope scope, String nameOrArn) {
        RedshiftServerlessClient redshift = neighbours.workgroups(scope);
        if (ARN.matcher(nameOrArn).matches()) {
            return byArn(redshift, nameOrArn);
        }
        if (!NAME.matcher(nameOrArn).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    redshift.getWorkgroup(r -> r.workgroupName(nameOrArn)).workgroup());
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Optional<Workgroup> byArn(RedshiftServerlessClient redshift, String arn) {
        String token = null;
        do {
            String after = token;
            ListWorkgroupsResponse page = redshift.listWorkgroups(r -> r.nextToken(after));
            Optional<Workgroup> found = page.workgroups().stream()
                    .filter(workgroup -> workgroup.workgroupArn().equals(arn))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
            token = page.nextToken();
        } while (token != null);
        return Optional.empty();
    }
}
