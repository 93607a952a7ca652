package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.wire.FieldPaths;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.secretsmanager.model.InvalidNextTokenException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/** The constraints on members of requests. None of its messages holds a secret value. */
final class Parameters {
    static final int MAX_TAGS = 50;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@!-]{1,512}");
    private static final String DEFAULT_KEY = "alias/aws/secretsmanager";

    private Parameters() {}

    /** Refuses by name every member that is set but not in {@code supported}. */
    static void supported(SdkPojo request, String... supported) {
        FieldPaths.unsupported(request, Set.of(supported)).ifPresent(path -> {
            throw SecretErrors.invalidParameter("%s is not implemented by Groundplane; leave it out.", path);
        });
    }

    static InvalidParameterException violation(String member, String constraint) {
        return SecretErrors.invalidParameter(
                "1 validation error detected: Value at '%s' failed to satisfy constraint: %s", member, constraint);
    }

    static String name(@Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw SecretErrors.invalidParameter("Invalid name. Must be a valid name containing alphanumeric characters,"
                    + " or any of the following: -/_+=.@!");
        }
        return name;
    }

    static String secretId(@Nullable String id) {
        if (id == null || id.isEmpty()) {
            throw violation("secretId", "Member must have length greater than or equal to 1");
        }
        if (id.length() > 2048) {
            throw violation("secretId", "Member must have length less than or equal to 2048");
        }
        return id;
    }

    static void description(@Nullable String description) {
        if (description != null && description.length() > 2048) {
            throw violation("description", "Member must have length less than or equal to 2048");
        }
    }

    /** Values are sealed with the installation's key, which stands for AWS's default key; there are no others. */
    static void keyId(Scope scope, @Nullable String keyId) {
        if (keyId != null && !keyId.equals(DEFAULT_KEY) && !keyId.equals(scope.arn("kms", DEFAULT_KEY))) {
            throw SecretErrors.invalidParameter(
                    "KmsKeyId %s is not implemented by Groundplane; leave it out, or use %s.", keyId, DEFAULT_KEY);
        }
    }

    /** The token becomes the new version's id. AWS's SDKs always send one. */
    static String token(@Nullable String token) {
        if (token == null) {
            return UUID.randomUUID().toString();
        }
        if (token.length() < 32 || token.length() > 64) {
            throw SecretErrors.invalidParameter("ClientRequestToken must be 32-64 characters long.");
        }
        return token;
    }

    static String stage(@Nullable String stage) {
        if (stage == null || stage.isEmpty() || stage.length() > 256) {
            throw violation("versionStage", "Member must have length between 1 and 256");
        }
        return stage;
    }

    static void tags(List<Tag> tags) {
        if (tags.size() > MAX_TAGS) {
            throw violation("tags", "Member must have length less than or equal to " + MAX_TAGS);
        }
        for (Tag tag : tags) {
            if (tag.key() == null || tag.key().isEmpty() || tag.key().length() > 128) {
                throw violation("tags.key", "Member must have length between 1 and 128");
            }
            if (tag.key().startsWith("aws:")) {
                throw SecretErrors.invalidParameter(
                        "Tag keys that begin with aws: are reserved for AWS: %s", tag.key());
            }
            if (tag.value() != null && tag.value().length() > 256) {
                throw violation("tags.value", "Member must have length less than or equal to 256");
            }
        }
    }

    static int pageSize(@Nullable Integer maxResults, int most) {
        if (maxResults == null) {
            return most;
        }
        if (maxResults < 1 || maxResults > most) {
            throw violation("maxResults", "Member must have value between 1 and " + most);
        }
        return maxResults;
    }

    /** The position that a token stands for; empty for the start. */
    static String position(@Nullable String token) {
        if (token == null) {
            return "";
        }
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw InvalidNextTokenException.builder()
                    .message("Invalid NextToken. Use the one that the last page of the same listing came with.")
                    .build();
        }
    }

    static String pageToken(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }
}
