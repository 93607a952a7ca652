package dev.groundplane.services.iam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyVersion;

/** The managed policies that every account has from the start. They are data, in {@code aws-managed-policies.json}. */
final class AwsManagedPolicies {
    private static final String PREFIX = "arn:aws:iam::aws:policy/";
    private static final Instant CREATED = Instant.parse("2015-02-06T18:39:46Z");
    private static final String ID_PREFIX = "ANPA";
    private static final Map<String, Known> ALL = load();

    /** A policy with its one version and that one's plain text. */
    record Known(Policy policy, PolicyVersion version, String document) {}

    private AwsManagedPolicies() {}

    static boolean isOne(String arn) {
        return arn.startsWith(PREFIX);
    }

    static Optional<Known> find(String arn) {
        return Optional.ofNullable(ALL.get(arn));
    }

    /** In order of their ARNs. */
    static Collection<Known> all() {
        return ALL.values();
    }

    private static Map<String, Known> load() {
        Map<String, Known> all = new TreeMap<>();
        try (InputStream in =
                Objects.requireNonNull(AwsManagedPolicies.class.getResourceAsStream("aws-managed-policies.json"))) {
            int number = 0;
            for (JsonNode one : new ObjectMapper().readTree(in)) {
                Known known = known(one, ++number);
                all.put(known.policy().arn(), known);
            }
        } catch (IOException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "the managed policies cannot be read", e);
        }
        return all;
    }

    private static Known known(JsonNode json, int number) {
        String path = json.path("path").asText("/");
        String name = json.path("name").asText();
        String document = json.path("document").toString();
        Policy policy = Policy.builder()
                .policyName(name)
                // Ids must only be the same in every installation and differ from each other.
                .policyId(ID_PREFIX + "I"
                        + "%016d".formatted(number).replace('0', 'A').replace('1', 'B'))
                .arn(PREFIX + path.substring(1) + name)
                .path(path)
                .description(json.path("description").asText())
                .defaultVersionId("v1")
                .isAttachable(true)
                .createDate(CREATED)
                .updateDate(CREATED)
                .build();
        PolicyVersion version = PolicyVersion.builder()
                .versionId("v1")
                .isDefaultVersion(true)
                .document(document)
                .createDate(CREATED)
                .build();
        return new Known(policy, version, document);
    }
}
