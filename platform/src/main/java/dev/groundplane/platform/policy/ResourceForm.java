package dev.groundplane.platform.policy;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What IAM finds wrong in the resources of identities' policies: mistakes with which a statement would be about nothing.
 * Source: the messages of IAM's CreatePolicy; IAM User Guide, "Identify AWS resources with ARNs".
 */
final class ResourceForm {
    private static final Pattern PARTITION = Pattern.compile("aws(?:-[a-z-]+)?|.*[*?$].*");
    /** Services whose ARNs have no region. */
    private static final Set<String> GLOBAL = Set.of("iam", "s3");

    private static final Pattern IAM_PATH =
            Pattern.compile("root|.*[*?$].*|(?:user|federated-user|role|group|instance-profile|mfa|server-certificate"
                    + "|policy|sms-mfa|saml-provider|oidc-provider|report|access-report)/.*");

    private ResourceForm() {}

    /** @param resource {@code *}, or what begins as an ARN does */
    static void check(String resource) throws MalformedPolicyException {
        String[] parts = resource.split(":", ArnPattern.SEGMENTS);
        if (!parts[0].equals("arn") || resource.contains("${")) {
            return;
        }
        if (!PARTITION.matcher(parts[1]).matches()) {
            throw new MalformedPolicyException(
                    "Partition \"%s\" is not valid for resource \"%s\".".formatted(parts[1], resource));
        }
        boolean open = parts[1].contains("*") && parts.length == 2;
        if (!open && (parts.length < 3 || parts[2].isEmpty())) {
            throw new MalformedPolicyException(
                    "Resource vendor must be fully qualified and cannot contain regexes, found " + resource);
        }
        if (parts.length == ArnPattern.SEGMENTS) {
            checkGlobal(parts[2], parts[3], parts[5], resource);
        }
    }

    private static void checkGlobal(String service, String region, String name, String resource)
            throws MalformedPolicyException {
        if (GLOBAL.contains(service) && region.matches("[a-z0-9-]+")) {
            throw new MalformedPolicyException("Resource %s cannot contain region information.".formatted(resource));
        }
        if (service.equals("iam") && !IAM_PATH.matcher(name).matches()) {
            throw new MalformedPolicyException("IAM resource path must either be \"*\" or start with user/,"
                    + " federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/,"
                    + " saml-provider/, oidc-provider/, report/, access-report/; found " + resource);
        }
    }
}
