package dev.groundplane.agent.driver.container;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Mount;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.TaskDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns one request into the body of {@code POST /containers/create}, and makes the directories that it mounts. */
final class Creation {
    private static final Set<String> NETWORK_MODES = Set.of("bridge", "host", "none");
    private static final long BYTES_PER_MIB = 1024 * 1024;
    /** What ECS passes on for a container without CPU units; the kernel's least. */
    private static final long LEAST_SHARES = 2;
    /** No output is as long. */
    private static final String UNREACHED = "1000000g";

    private final LaunchRequest request;
    private final TaskDirectory task;
    private final EngineSettings settings;
    private final ObjectNode body = Engine.JSON.createObjectNode();
    private final ObjectNode host = body.putObject("HostConfig");

    private Creation(LaunchRequest request, TaskDirectory task, EngineSettings settings) {
        this.request = request;
        this.task = task;
        this.settings = settings;
    }

    /**
     * The body for a request.
     *
     * @param records where Podman is to record the output; null means that the engine is Docker
     * @throws StartFailure when the request asks for what containers cannot have here
     */
    static ObjectNode of(LaunchRequest request, TaskDirectory task, EngineSettings settings, @Nullable Path records)
            throws StartFailure, IOException {
        var creation = new Creation(request, task, settings);
        creation.program();
        creation.labels();
        creation.limits(records != null);
        creation.mounts();
        creation.network();
        // What an engine does to logs by default may lose bytes: rotation, and JSON for what is no text.
        creation.host.set("LogConfig", logConfig(records));
        var docker = DockerSettings.of(request.docker());
        if (docker.config().path("NetworkDisabled").asBoolean()) {
            creation.host.put("NetworkMode", "none").remove("PortBindings");
        }
        docker.layOver(creation.body, creation.host, settings.privilegedAllowed());
        return creation.body;
    }

    private void program() throws StartFailure {
        var program = request.program();
        body.put("Image", request.image().name());
        list(body, "Entrypoint", program.entryPoint());
        list(body, "Cmd", program.command());
        var environment = body.putArray("Env");
        for (var variable : program.environment().entrySet()) {
            if ((variable.getKey() + variable.getValue()).indexOf('\0') >= 0) {
                throw new StartFailure(
                        "environment variable %s: it has a NUL character; leave it out".formatted(variable.getKey()));
            }
            environment.add(variable.getKey() + "=" + variable.getValue());
        }
        if (program.user() != null) {
            body.put("User", program.user());
        }
        if (program.workingDirectory() != null) {
            body.put("WorkingDir", program.workingDirectory());
        }
        if (program.privileged()) {
            if (!settings.privilegedAllowed()) {
                throw new StartFailure(
                        "privileged true: this agent gives containers no powers over the host; leave it out"
                                + " or start the agent with --allow-privileged");
            }
            host.put("Privileged", true);
        }
    }

    /** Absent means the image's own. */
    private static void list(ObjectNode target, String name, List<String> words) {
        if (!words.isEmpty()) {
            words.forEach(target.putArray(name)::add);
        }
    }

    private void labels() {
        body.putObject("Labels")
                .put("dev.groundplane.task", request.taskId())
                .put("dev.groundplane.container", request.container())
                .put("com.amazonaws.ecs.container-name", request.container());
    }

    /** A limit of the whole task binds each container that has none of its own. */
    private void limits(boolean podman) {
        var units = request.limits().cpuUnits() > 0
                ? request.limits().cpuUnits()
                : request.taskLimits().cpuUnits();
        host.put("CpuShares", Math.max(units, LEAST_SHARES));
        var memory = request.limits().memoryMiB() > 0
                ? request.limits().memoryMiB()
                : request.taskLimits().memoryMiB();
        if (memory > 0) {
            host.put("Memory", memory * BYTES_PER_MIB);
            host.put("MemorySwap", memory * BYTES_PER_MIB);
        }
        var ulimits = host.putArray("Ulimits");
        for (var ulimit : Ulimits.of(request.ulimits(), podman ? settings.hardLimits() : Ulimits.NONE)) {
            ulimits.addObject()
                    .put("Name", ulimit.name())
                    .put("Soft", ulimit.soft())
                    .put("Hard", ulimit.hard());
        }
    }

    private void mounts() throws StartFailure, IOException {
        var mounts = host.putArray("Mounts");
        for (var mount : request.mounts()) {
            mounts.addObject()
                    .put("Type", "bind")
                    .put("Source", source(mount).toString())
                    .put("Target", mount.target())
                    .put("ReadOnly", mount.readOnly());
        }
    }

    private Path source(Mount mount) throws StartFailure, IOException {
        if (mount.source() == null) {
            return scratch(mount);
        }
        var source = Path.of(mount.source());
        if (!source.isAbsolute()) {
            throw new StartFailure(
                    "sourcePath %s of volume %s: use an absolute path".formatted(source, mount.volume()));
        }
        if (!Files.exists(source)) {
            // As Docker does for binds.
            Files.createDirectories(source);
        }
        return source;
    }

    /** A scratch volume belongs to the user that the container is said to run as; a name is known to the image only. */
    private Path scratch(Mount mount) throws IOException {
        var directory = task.volume(mount.volume());
        if (Files.exists(directory)) {
            return directory;
        }
        DurableFiles.ensureDirectory(directory, "rwxr-xr-x");
        var user = request.program().user();
        if (user != null && user.matches("\\d{1,9}(:\\d{1,9})?")) {
            var ids = user.split(":");
            Files.setAttribute(directory, "unix:uid", Integer.parseInt(ids[0]));
            Files.setAttribute(directory, "unix:gid", Integer.parseInt(ids[ids.length - 1]));
        }
        return directory;
    }

    private void network() throws StartFailure {
        var network = request.network();
        if (!NETWORK_MODES.contains(network.mode())) {
            throw new StartFailure("networkMode %s: use bridge, host or none".formatted(network.mode()));
        }
        host.put("NetworkMode", network.mode());
        if (network.ports().isEmpty()) {
            return;
        }
        var exposed = body.putObject("ExposedPorts");
        var names = new ArrayList<String>();
        var bindings = Engine.JSON.createObjectNode();
        for (var port : network.ports()) {
            var name = port.containerPort() + "/" + port.protocol();
            names.add(name);
            exposed.putObject(name);
            bindings.withArray("/" + name.replace("/", "~1"))
                    .addObject()
                    .put("HostPort", port.hostPort() == 0 ? "" : Integer.toString(port.hostPort()));
        }
        if (network.mode().equals("bridge")) {
            host.set("PortBindings", bindings);
        }
        body.withObject("/Labels").put(ContainerStatus.PORTS_LABEL, String.join(" ", names));
    }

    private static ObjectNode logConfig(@Nullable Path records) {
        var log = Engine.JSON.createObjectNode();
        if (records != null) {
            log.put("Type", "k8s-file")
                    .putObject("Config")
                    .put("path", records.toString())
                    .put("max-size", UNREACHED);
            return log;
        }
        log.put("Type", "local")
                .putObject("Config")
                .put("max-size", UNREACHED)
                .put("max-file", "1")
                .put("compress", "false");
        return log;
    }
}
