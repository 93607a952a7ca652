package dev.groundplane.server.http;

import dev.groundplane.platform.audit.AuditRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the resources that a response names by ARN, with CloudFormation's type names. */
final class ResourceNames {
    private static final int MAX = 20;
    private static final Pattern ARN = Pattern.compile("\"\\w*(?:[aA]rn|ARN)\":\"(arn:aws:([a-z0-9-]+):[^\"]*)\"");
    /** Services whose name in CloudFormation is not their signing name with a capital. */
    private static final Map<String, String> SERVICES =
            Map.of("ecs", "ECS", "iam", "IAM", "secretsmanager", "SecretsManager", "ssm", "SSM", "sts", "STS");

    private ResourceNames() {}

    static List<AuditRecord.Resource> in(String json) {
        List<AuditRecord.Resource> found = new ArrayList<>();
        Matcher arns = ARN.matcher(json);
        while (arns.find() && found.size() < MAX) {
            AuditRecord.Resource resource = new AuditRecord.Resource(type(arns.group(1), arns.group(2)), arns.group(1));
            if (!found.contains(resource)) {
                found.add(resource);
            }
        }
        return found;
    }

    /** {@code arn:aws:ecs:r:a:task-definition/x:1} is an {@code AWS::ECS::TaskDefinition}. */
    private static String type(String arn, String service) {
        String[] parts = arn.split(":", 6);
        if (service.equals("s3")) {
            return arn.contains("/") ? S3Parameters.OBJECT : S3Parameters.BUCKET;
        }
        String kind = parts.length < 6 ? "" : parts[5].split("[/:]", 2)[0];
        StringBuilder type = new StringBuilder("AWS::")
                .append(SERVICES.getOrDefault(service, capitalized(service)))
                .append("::");
        for (String word : kind.split("-")) {
            type.append(capitalized(word));
        }
        return type.toString();
    }

    private static String capitalized(String word) {
        return word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
