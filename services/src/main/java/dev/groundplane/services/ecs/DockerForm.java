package dev.groundplane.services.ecs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Device;
import software.amazon.awssdk.services.ecs.model.HealthCheck;
import software.amazon.awssdk.services.ecs.model.LinuxParameters;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.SystemControl;
import software.amazon.awssdk.services.ecs.model.Tmpfs;

/** A container's settings as Docker's Config and HostConfig, which the agent's protocol carries as they are. */
final class DockerForm {
    private static final long MIB = 1024L * 1024L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** The option of the awslogs driver that names the stream. */
    static final String LOG_STREAM = "awslogs-stream";

    private DockerForm() {}

    /** Source: Docker Engine API, Config. */
    static Map<String, Object> config(ContainerDefinition container) {
        Map<String, Object> config = new LinkedHashMap<>();
        put(config, "User", container.user());
        put(config, "WorkingDir", container.workingDirectory());
        put(config, "Hostname", container.hostname());
        put(config, "Labels", container.hasDockerLabels() ? container.dockerLabels() : null);
        put(config, "NetworkDisabled", container.disableNetworking());
        if (container.healthCheck() != null) {
            config.put("Healthcheck", healthCheck(container.healthCheck()));
        }
        return config;
    }

    private static Map<String, Object> healthCheck(HealthCheck check) {
        Map<String, Object> docker = new LinkedHashMap<>();
        docker.put("Test", check.command());
        put(docker, "Interval", nanos(check.interval()));
        put(docker, "Timeout", nanos(check.timeout()));
        put(docker, "Retries", check.retries());
        put(docker, "StartPeriod", nanos(check.startPeriod()));
        return docker;
    }

    private static @Nullable Long nanos(@Nullable Integer seconds) {
        return seconds == null ? null : seconds * NANOS_PER_SECOND;
    }

    /** Source: Docker Engine API, HostConfig. */
    static Map<String, Object> hostConfig(ContainerDefinition container, String taskId) {
        Map<String, Object> config = new LinkedHashMap<>();
        if (container.memoryReservation() != null) {
            config.put("MemoryReservation", container.memoryReservation() * MIB);
        }
        LogConfiguration log = container.logConfiguration();
        if (log != null) {
            config.put(
                    "LogConfig",
                    Map.of("Type", log.logDriverAsString(), "Config", logOptions(log, container.name(), taskId)));
        }
        put(config, "Privileged", container.privileged());
        put(config, "ReadonlyRootfs", container.readonlyRootFilesystem());
        put(config, "SecurityOpt", container.hasDockerSecurityOptions() ? container.dockerSecurityOptions() : null);
        put(config, "Dns", container.hasDnsServers() ? container.dnsServers() : null);
        put(config, "DnsSearch", container.hasDnsSearchDomains() ? container.dnsSearchDomains() : null);
        if (!container.extraHosts().isEmpty()) {
            config.put(
                    "ExtraHosts",
                    container.extraHosts().stream()
                            .map(host -> host.hostname() + ":" + host.ipAddress())
                            .toList());
        }
        if (!container.ulimits().isEmpty()) {
            config.put(
                    "Ulimits",
                    container.ulimits().stream()
                            .map(u -> Map.of("Name", u.nameAsString(), "Soft", u.softLimit(), "Hard", u.hardLimit()))
                            .toList());
        }
        Map<String, String> sysctls = new LinkedHashMap<>();
        for (SystemControl control : container.systemControls()) {
            sysctls.put(control.namespace(), control.value());
        }
        put(config, "Sysctls", sysctls.isEmpty() ? null : sysctls);
        if (container.linuxParameters() != null) {
            put(config, container.linuxParameters());
        }
        return config;
    }

    private static void put(Map<String, Object> config, LinuxParameters linux) {
        if (linux.capabilities() != null) {
            put(
                    config,
                    "CapAdd",
                    linux.capabilities().hasAdd() ? linux.capabilities().add() : null);
            put(
                    config,
                    "CapDrop",
                    linux.capabilities().hasDrop() ? linux.capabilities().drop() : null);
        }
        put(config, "Init", linux.initProcessEnabled());
        put(config, "ShmSize", linux.sharedMemorySize() == null ? null : linux.sharedMemorySize() * MIB);
        Map<String, String> tmpfs = new LinkedHashMap<>();
        for (Tmpfs each : linux.tmpfs()) {
            String size = "size=%dm".formatted(each.size());
            tmpfs.put(
                    each.containerPath(),
                    each.mountOptions().isEmpty() ? size : size + "," + String.join(",", each.mountOptions()));
        }
        put(config, "Tmpfs", tmpfs.isEmpty() ? null : tmpfs);
        if (!linux.devices().isEmpty()) {
            config.put(
                    "Devices", linux.devices().stream().map(DockerForm::device).toList());
        }
    }

    private static Map<String, String> device(Device device) {
        List<String> permissions = device.permissionsAsStrings();
        StringBuilder letters = new StringBuilder();
        for (String permission : permissions.isEmpty() ? List.of("read", "write", "mknod") : permissions) {
            letters.append(permission.charAt(0));
        }
        return Map.of(
                "PathOnHost", device.hostPath(),
                "PathInContainer", device.containerPath() == null ? device.hostPath() : device.containerPath(),
                "CgroupPermissions", letters.toString());
    }

    /** Docker knows no stream prefix: the stream's whole name is sent, {@code prefix/container/task}. */
    static Map<String, String> logOptions(LogConfiguration log, String container, String taskId) {
        Map<String, String> options = new LinkedHashMap<>(log.options());
        String prefix = options.remove("awslogs-stream-prefix");
        options.put(LOG_STREAM, prefix == null ? container + "/" + taskId : prefix + "/" + container + "/" + taskId);
        return options;
    }

    private static void put(Map<String, Object> config, String key, @Nullable Object value) {
        if (value != null) {
            config.put(key, value);
        }
    }
}
