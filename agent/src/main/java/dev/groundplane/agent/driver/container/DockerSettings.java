package dev.groundplane.agent.driver.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.agent.driver.LaunchRequest.Docker;
import dev.groundplane.agent.driver.StartFailure;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a request carries in Docker's own form, laid over a container's creation. Everything in them is
 * honoured, is the agent's own business, or is refused by name.
 *
 * @param config Docker's {@code Config}
 * @param hostConfig Docker's {@code HostConfig}
 */
record DockerSettings(ObjectNode config, ObjectNode hostConfig) {
    private static final Set<String> CONFIG = Set.of("Domainname", "Hostname", "Labels", "OpenStdin", "StopSignal");
    private static final Set<String> HOST_CONFIG = Set.of(
            "CapDrop",
            "Dns",
            "DnsOptions",
            "DnsSearch",
            "ExtraHosts",
            "GroupAdd",
            "Init",
            "MemoryReservation",
            "MemorySwap",
            "MemorySwappiness",
            "PidsLimit",
            "ReadonlyRootfs",
            "ShmSize",
            "Sysctls",
            "Tmpfs");
    /** Powers over the host. */
    private static final Set<String> PRIVILEGED = Set.of(
            "CapAdd",
            "CgroupnsMode",
            "DeviceRequests",
            "Devices",
            "IpcMode",
            "PidMode",
            "SecurityOpt",
            "UTSMode",
            "UsernsMode");
    /** What the request's other components say, and what the agent does itself: logs, health, restarts. */
    private static final Set<String> ELSEWHERE = Set.of(
            "Cmd",
            "CpuShares",
            "Entrypoint",
            "Env",
            "ExposedPorts",
            "Healthcheck",
            "Image",
            "LogConfig",
            "Memory",
            "NetworkDisabled",
            "NetworkMode",
            "Privileged",
            "RestartPolicy",
            "StopTimeout",
            "Ulimits",
            "User",
            "WorkingDir");
    /** What Docker gives every container. */
    private static final Set<String> DEFAULT_CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "NET_RAW",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");

    /** @throws StartFailure when a text is not a JSON object */
    static DockerSettings of(Docker docker) throws StartFailure {
        return new DockerSettings(
                object("dockerConfig.config", docker.config()), object("dockerConfig.hostConfig", docker.hostConfig()));
    }

    private static ObjectNode object(String name, @Nullable String text) throws StartFailure {
        if (text == null || text.isBlank()) {
            return Engine.JSON.createObjectNode();
        }
        try {
            if (Engine.JSON.readTree(text) instanceof ObjectNode object) {
                return object;
            }
            throw new StartFailure("%s is no JSON object".formatted(name));
        } catch (JsonProcessingException e) {
            throw new StartFailure("%s is no JSON object: %s".formatted(name, e.getOriginalMessage()), e);
        }
    }

    /**
     * Lays the settings over a container's creation.
     *
     * @param privilegedAllowed whether the operator allows containers to have powers over the host
     * @throws StartFailure naming the first setting that is not to be had
     */
    void layOver(ObjectNode creation, ObjectNode host, boolean privilegedAllowed) throws StartFailure {
        layOver(config, creation, CONFIG, true);
        layOver(hostConfig, host, HOST_CONFIG, privilegedAllowed);
    }

    private static void layOver(ObjectNode settings, ObjectNode target, Set<String> honoured, boolean privilegedAllowed)
            throws StartFailure {
        for (var entry : settings.properties()) {
            var name = entry.getKey();
            var value = entry.getValue();
            if (ELSEWHERE.contains(name) || isUnset(value)) {
                continue;
            }
            if (PRIVILEGED.contains(name) && !privilegedAllowed && !isHarmless(name, value)) {
                throw new StartFailure(
                        "%s %s: this agent gives containers no powers over the host; leave it out or start"
                                        .formatted(name, value)
                                + " the agent with --allow-privileged");
            }
            if (!honoured.contains(name) && !PRIVILEGED.contains(name)) {
                throw new StartFailure("%s %s: this agent does not act on it; leave it out".formatted(name, value));
            }
            if (target.get(name) instanceof ObjectNode present && value instanceof ObjectNode more) {
                present.setAll(more);
            } else {
                target.set(name, value);
            }
        }
    }

    /** Writers of Docker's form name everything, most of it with an empty value. */
    private static boolean isUnset(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.textValue().isEmpty())
                || (value.isNumber() && value.asLong() == 0)
                || (value.isBoolean() && !value.booleanValue());
    }

    private static boolean isHarmless(String name, JsonNode value) {
        return switch (name) {
            case "CapAdd" -> everyText(value, DockerSettings::isDefaultCapability);
            case "SecurityOpt" -> everyText(value, option -> option.startsWith("no-new-privileges"));
            case "IpcMode" -> Set.of("none", "private", "shareable").contains(value.asText());
            case "CgroupnsMode", "PidMode", "UTSMode" -> value.asText().equals("private");
            default -> false;
        };
    }

    private static boolean everyText(JsonNode list, Predicate<String> condition) {
        for (var element : list) {
            if (!condition.test(element.asText())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDefaultCapability(String name) {
        return DEFAULT_CAPABILITIES.contains(name.toUpperCase(Locale.ROOT).replaceFirst("^CAP_", ""));
    }
}
