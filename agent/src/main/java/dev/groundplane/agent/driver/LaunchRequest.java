package dev.groundplane.agent.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A container to start, as drivers need to know it.
 *
 * @param taskId the task's id, unique on this host
 * @param container the container's name, unique in its task
 * @param attempt how often it was started before within its task; each attempt is a container of its own to the driver, but
 *     all of them write to one log
 * @param image what is started
 * @param program what runs in it and as whom
 * @param taskLimits what all containers of the task may use together
 * @param limits what this container may use
 * @param ulimits limits of single processes, as setrlimit(2)
 * @param mounts the directories it sees elsewhere than where they lie
 * @param network how it is reached
 * @param docker settings that the protocol carries in Docker's own form
 */
public record LaunchRequest(
        String taskId,
        String container,
        int attempt,
        Image image,
        Program program,
        Limits taskLimits,
        Limits limits,
        List<Ulimit> ulimits,
        List<Mount> mounts,
        Network network,
        Docker docker) {

    /** Keeps its own copies of the lists. */
    public LaunchRequest {
        ulimits = List.copyOf(ulimits);
        mounts = List.copyOf(mounts);
    }

    /** A request for the first attempt at a program on the host, without anything else. */
    public static LaunchRequest of(String taskId, String container, Image image, Program program) {
        return new LaunchRequest(
                taskId,
                container,
                0,
                image,
                program,
                Limits.NONE,
                Limits.NONE,
                List.of(),
                List.of(),
                Network.HOST,
                Docker.NOTHING);
    }

    /**
     * What is started.
     *
     * @param name the image's name; {@code host} is no image but the host itself
     * @param credentials for its registry; null means none
     */
    public record Image(String name, @Nullable RegistryCredentials credentials) {}

    /** A user of an image registry. */
    public record RegistryCredentials(String username, String password) {
        /** Keeps the password out of log lines. */
        @Override
        public String toString() {
            return "RegistryCredentials[" + username + "]";
        }
    }

    /**
     * What runs and as whom.
     *
     * @param entryPoint the words before the command; empty means the image's
     * @param command the command's words; empty means the image's
     * @param environment what the user wants in the environment
     * @param secrets the names of those variables whose values must not reach a disk
     * @param user the user to run as; null means the driver's default
     * @param workingDirectory the directory to start in; null means the driver's default
     * @param privileged whether the container asks for the host's own powers
     * @param platform whether it is a part of Groundplane itself, which a driver may give the agent's own rights
     */
    public record Program(
            List<String> entryPoint,
            List<String> command,
            Map<String, String> environment,
            Set<String> secrets,
            @Nullable String user,
            @Nullable String workingDirectory,
            boolean privileged,
            boolean platform) {

        /** Keeps its own copies; the environment's order stays. */
        public Program {
            entryPoint = List.copyOf(entryPoint);
            command = List.copyOf(command);
            environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
            secrets = Set.copyOf(secrets);
        }

        /** A program without secrets. */
        public Program(
                List<String> entryPoint,
                List<String> command,
                Map<String, String> environment,
                @Nullable String user,
                @Nullable String workingDirectory,
                boolean privileged) {
            this(entryPoint, command, environment, Set.of(), user, workingDirectory, privileged, false);
        }

        /** Keeps the environment's values out of log lines. */
        @Override
        public String toString() {
            return "Program" + words() + environment.keySet();
        }

        /** A program of the driver's default user, in its default directory. */
        public static Program of(List<String> words) {
            return new Program(List.of(), words, Map.of(), null, null, false);
        }

        /** The entry point followed by the command; may be empty. */
        public List<String> words() {
            var words = new ArrayList<>(entryPoint);
            words.addAll(command);
            return words;
        }
    }

    /**
     * What may be used.
     *
     * @param cpuUnits the share of the processors in units of which 1024 are one vCPU; 0 means none set
     * @param memoryMiB the hard memory limit in MiB; 0 means none
     */
    public record Limits(long cpuUnits, long memoryMiB) {
        /** No limits. */
        public static final Limits NONE = new Limits(0, 0);
    }

    /** A limit of single processes: a name of setrlimit(2) in lower case and without RLIMIT_, such as {@code nofile}. */
    public record Ulimit(String name, long soft, long hard) {}

    /**
     * A directory of the host that the container sees at a path of its own.
     *
     * @param volume the volume's name
     * @param source the directory on the host; null means a scratch directory of the task
     * @param target the absolute path at which the container sees it
     * @param readOnly whether it may only read it
     */
    public record Mount(String volume, @Nullable String source, String target, boolean readOnly) {}

    /**
     * How a container is reached.
     *
     * @param mode {@code host}, {@code bridge} or {@code none}
     * @param ports the ports it listens on
     */
    public record Network(String mode, List<Port> ports) {
        /** The host's own network. */
        public static final Network HOST = new Network("host", List.of());

        /** Keeps its own copy of the list. */
        public Network {
            ports = List.copyOf(ports);
        }
    }

    /** A port inside the container and the host's port that leads to it; 0 lets the driver choose. */
    public record Port(int containerPort, int hostPort, String protocol) {}

    /**
     * JSON texts in the form of Docker's {@code Config} and {@code HostConfig}, for drivers that speak to Docker; null
     * means empty. What the other components say is in them too.
     */
    public record Docker(@Nullable String config, @Nullable String hostConfig) {
        /** No settings. */
        public static final Docker NOTHING = new Docker(null, null);
    }

    /** The same request for another attempt. */
    public LaunchRequest withAttempt(int number) {
        return new LaunchRequest(
                taskId, container, number, image, program, taskLimits, limits, ulimits, mounts, network, docker);
    }

    /** The same request with this image. */
    public LaunchRequest withImage(Image replacement) {
        return new LaunchRequest(
                taskId, container, attempt, replacement, program, taskLimits, limits, ulimits, mounts, network, docker);
    }

    /** The same request with these variables added to the environment; they win over those of the same name. */
    public LaunchRequest withEnvironment(Map<String, String> more) {
        return withEnvironment(more, program.secrets());
    }

    /** The same request with these variables added to the environment, whose values must not reach a disk. */
    public LaunchRequest withSecrets(Map<String, String> more) {
        var names = new HashSet<>(program.secrets());
        names.addAll(more.keySet());
        return withEnvironment(more, names);
    }

    private LaunchRequest withEnvironment(Map<String, String> more, Set<String> secrets) {
        var all = new LinkedHashMap<>(program.environment());
        all.putAll(more);
        var changed = new Program(
                program.entryPoint(),
                program.command(),
                all,
                secrets,
                program.user(),
                program.workingDirectory(),
                program.privileged(),
                program.platform());
        return new LaunchRequest(
                taskId, container, attempt, image, changed, taskLimits, limits, ulimits, mounts, network, docker);
    }

    /** The same request with these limits. */
    public LaunchRequest withLimits(Limits ofTask, Limits ofContainer) {
        return new LaunchRequest(
                taskId, container, attempt, image, program, ofTask, ofContainer, ulimits, mounts, network, docker);
    }

    /** The same request with these mounts. */
    public LaunchRequest withMounts(List<Mount> replacement) {
        return new LaunchRequest(
                taskId, container, attempt, image, program, taskLimits, limits, ulimits, replacement, network, docker);
    }

    /** The same request with these limits of single processes. */
    public LaunchRequest withUlimits(List<Ulimit> replacement) {
        return new LaunchRequest(
                taskId, container, attempt, image, program, taskLimits, limits, replacement, mounts, network, docker);
    }
}
