package dev.groundplane.services.ecs;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerRestartPolicy;
import software.amazon.awssdk.services.ecs.model.EnvironmentFile;
import software.amazon.awssdk.services.ecs.model.EnvironmentFileType;
import software.amazon.awssdk.services.ecs.model.HealthCheck;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.ecs.model.Ulimit;
import software.amazon.awssdk.services.ecs.model.UlimitName;

/**
 * What a container definition's restart policy, health check, secrets and limits must satisfy. Source: Amazon ECS API
 * Reference, ContainerRestartPolicy, HealthCheck, Secret, Ulimit.
 */
final class ContainerRules {
    private static final int MAX_IGNORED_EXIT_CODES = 50;
    private static final int MAX_ENVIRONMENT_FILES = 10;
    private static final Pattern ENVIRONMENT_FILE = Pattern.compile("arn:aws:s3:::[^/]+/.*\\.env");

    private final ContainerDefinition container;
    private final @Nullable String executionRole;

    private ContainerRules(ContainerDefinition container, @Nullable String executionRole) {
        this.container = container;
        this.executionRole = executionRole;
    }

    /**
     * Checks one container.
     *
     * @param executionRole the task definition's
     * @throws software.amazon.awssdk.services.ecs.model.ClientException naming what is wrong
     */
    static void check(ContainerDefinition container, @Nullable String executionRole) {
        ContainerRules rules = new ContainerRules(container, executionRole);
        if (container.restartPolicy() != null) {
            rules.check(container.restartPolicy());
        }
        if (container.healthCheck() != null) {
            rules.check(container.healthCheck());
        }
        checkEnvironmentFiles(container.name(), container.environmentFiles());
        rules.checkSecrets();
        container.ulimits().forEach(rules::check);
        if (TaskDefinitionRules.HOST_IMAGE.equals(container.image())) {
            rules.checkHostTask();
        }
    }

    private void check(ContainerRestartPolicy policy) {
        if (policy.enabled() == null) {
            throw EcsErrors.client("Container '%s': restartPolicy needs enabled, true or false.", container.name());
        }
        inRange(policy.restartAttemptPeriod(), 60, 1800, "restartPolicy.restartAttemptPeriod");
        if (policy.ignoredExitCodes().size() > MAX_IGNORED_EXIT_CODES) {
            throw EcsErrors.client(
                    "Container '%s': restartPolicy.ignoredExitCodes must have at most %d codes, found %d.",
                    container.name(),
                    MAX_IGNORED_EXIT_CODES,
                    policy.ignoredExitCodes().size());
        }
    }

    private void check(HealthCheck check) {
        List<String> command = check.command();
        boolean known = !command.isEmpty() && List.of("CMD", "CMD-SHELL").contains(command.getFirst());
        if (!known || command.size() < 2) {
            throw EcsErrors.client(
                    "Container '%s': healthCheck.command %s must be [\"CMD\", program, argument...] or"
                            + " [\"CMD-SHELL\", line].",
                    container.name(), command);
        }
        inRange(check.interval(), 5, 300, "healthCheck.interval");
        inRange(check.timeout(), 2, 60, "healthCheck.timeout");
        inRange(check.retries(), 1, 10, "healthCheck.retries");
        inRange(check.startPeriod(), 0, 300, "healthCheck.startPeriod");
    }

    private void checkSecrets() {
        boolean needsRole = !container.secrets().isEmpty()
                || container.repositoryCredentials() != null
                || !container.environmentFiles().isEmpty();
        if (needsRole && (executionRole == null || executionRole.isBlank())) {
            throw EcsErrors.client(
                    "Container '%s': with secrets, repositoryCredentials or environmentFiles you must also specify a value"
                            + " for 'executionRoleArn'.",
                    container.name());
        }
        Set<String> names = new HashSet<>();
        container.environment().forEach(pair -> names.add(pair.name()));
        for (Secret secret : container.secrets()) {
            if (secret.name() == null || secret.name().isBlank() || secret.valueFrom() == null) {
                throw EcsErrors.client("Container '%s': a secret needs name and valueFrom.", container.name());
            }
            if (!names.add(secret.name())) {
                throw EcsErrors.client(
                        "The secret name must be unique and not shared with any new or existing environment variables"
                                + " set on the container, such as '%s'.",
                        secret.name());
            }
        }
    }

    /**
     * Checks where a container's environment comes from, in its definition or an override.
     *
     * @throws software.amazon.awssdk.services.ecs.model.ClientException naming what is wrong
     */
    static void checkEnvironmentFiles(String container, List<EnvironmentFile> files) {
        if (files.size() > MAX_ENVIRONMENT_FILES) {
            throw EcsErrors.client(
                    "Container '%s': environmentFiles must have at most %d files, found %d.",
                    container, MAX_ENVIRONMENT_FILES, files.size());
        }
        for (EnvironmentFile file : files) {
            if (file.type() != EnvironmentFileType.S3) {
                throw EcsErrors.client(
                        "Container '%s': the type '%s' of an environment file must be s3.",
                        container, file.typeAsString());
            }
            if (file.value() == null || !ENVIRONMENT_FILE.matcher(file.value()).matches()) {
                throw EcsErrors.client(
                        "Container '%s': the environment file '%s' must be the ARN of an S3 object whose name ends with"
                                + " .env, such as arn:aws:s3:::bucket/name.env.",
                        container, file.value());
            }
        }
    }

    private void check(Ulimit ulimit) {
        if (ulimit.name() == null || ulimit.name() == UlimitName.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.client(
                    "Container '%s': ulimit name '%s' must be one of %s.",
                    container.name(), ulimit.nameAsString(), UlimitName.knownValues());
        }
        if (ulimit.softLimit() == null || ulimit.hardLimit() == null) {
            throw EcsErrors.client(
                    "Container '%s': ulimit %s needs softLimit and hardLimit.", container.name(), ulimit.name());
        }
        boolean unlimited = ulimit.hardLimit() < 0;
        if (!unlimited && (ulimit.softLimit() < 0 || ulimit.softLimit() > ulimit.hardLimit())) {
            throw EcsErrors.client(
                    "Container '%s': softLimit %d of ulimit %s must not be above its hardLimit %d.",
                    container.name(), ulimit.softLimit(), ulimit.name(), ulimit.hardLimit());
        }
    }

    /** What only an image or a network of its own gives a meaning to. */
    private void checkHostTask() {
        Map<String, Boolean> set = new LinkedHashMap<>();
        set.put("repositoryCredentials", container.repositoryCredentials() != null);
        set.put("readonlyRootFilesystem", Boolean.TRUE.equals(container.readonlyRootFilesystem()));
        set.put("linuxParameters", container.linuxParameters() != null);
        set.put("dockerLabels", !container.dockerLabels().isEmpty());
        set.put("dockerSecurityOptions", !container.dockerSecurityOptions().isEmpty());
        set.put("hostname", container.hostname() != null);
        set.put("dnsServers", !container.dnsServers().isEmpty());
        set.put("dnsSearchDomains", !container.dnsSearchDomains().isEmpty());
        set.put("extraHosts", !container.extraHosts().isEmpty());
        set.put("systemControls", !container.systemControls().isEmpty());
        set.put("disableNetworking", Boolean.TRUE.equals(container.disableNetworking()));
        set.forEach((member, present) -> {
            if (present) {
                throw EcsErrors.client(
                        "Container '%s': %s has no meaning for image host, a process on the host itself; leave it out.",
                        container.name(), member);
            }
        });
    }

    private void inRange(@Nullable Integer value, int min, int max, String member) {
        if (value != null && (value < min || value > max)) {
            throw EcsErrors.client(
                    "Container '%s': %s must be from %d to %d, found %d.", container.name(), member, min, max, value);
        }
    }
}
