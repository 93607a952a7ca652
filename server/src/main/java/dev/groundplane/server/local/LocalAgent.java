package dev.groundplane.server.local;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the agent of this machine running: adopts the one that outlived an earlier control plane, starts one when there is
 * none, and starts it again when it ends. Closing leaves the agent alone; {@code groundplane down} stops it.
 */
public final class LocalAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalAgent.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** An agent that ran this long had started well. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final DataDirectory data;
    private final String endpoint;
    private final Optional<String> authorities;
    private final String region;
    private final Supplier<Optional<String>> activation;
    private final Path home;
    private final List<String> jvmOptions;
    private Duration pause = FIRST_PAUSE;
    private boolean closed;

    /**
     * @param data the installation
     * @param endpoint base URL of the control plane
     * @param authorities a PEM file of those to trust for TLS; empty for those that Java trusts
     * @param region AWS region name
     * @param activation asked before each start: what the agent is to register with, in the form of create-activation's
     *     answer; empty when it is registered
     * @param home where Groundplane is installed
     * @param jvmOptions further options for the agent's JVM
     */
    public LocalAgent(
            DataDirectory data,
            String endpoint,
            Optional<String> authorities,
            String region,
            Supplier<Optional<String>> activation,
            Path home,
            List<String> jvmOptions) {
        this.data = data;
        this.endpoint = endpoint;
        this.authorities = authorities;
        this.region = region;
        this.activation = activation;
        this.home = home;
        this.jvmOptions = jvmOptions;
    }

    /** Adopts or starts the agent; returns at once. */
    public synchronized void start() {
        Optional<ProcessHandle> running = RunningProcess.agent(data).filter(this::isUsable);
        ProcessHandle agent = running.orElseGet(this::spawn);
        LOG.info("{} the local agent, pid {}", running.isPresent() ? "adopted" : "started", agent.pid());
        watch(agent);
    }

    /** One that was started for another address would not find this control plane: it ends, its tasks go on. */
    private boolean isUsable(ProcessHandle agent) {
        List<String> words = List.of(agent.info().arguments().orElse(new String[0]));
        if (words.contains(endpoint) && authorities.map(words::contains).orElse(true)) {
            return true;
        }
        agent.destroy();
        agent.onExit().join();
        return false;
    }

    private void watch(ProcessHandle agent) {
        long since = System.nanoTime();
        var _ = agent.onExit().thenAccept(gone -> ended(Duration.ofNanos(System.nanoTime() - since)));
    }

    private synchronized void ended(Duration lived) {
        if (closed) {
            return;
        }
        pause = lived.compareTo(SETTLED) > 0 ? FIRST_PAUSE : pause.multipliedBy(2);
        Duration wait = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        LOG.warn("the local agent ended; starting it again in {} ms, its log is {}", wait.toMillis(), data.agentLog());
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::again);
    }

    private synchronized void again() {
        if (!closed) {
            start();
        }
    }

    private ProcessHandle spawn() {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(agentCommand(home, jvmOptions));
        command.addAll(List.of(
                "run",
                "--endpoint",
                endpoint,
                "--region",
                region,
                "--cluster",
                "default",
                "--data",
                data.agent().toString(),
                "--log-file",
                data.agentLog().toString(),
                "--reserved-port",
                endpoint.substring(endpoint.lastIndexOf(':') + 1)));
        authorities.ifPresent(file -> command.addAll(List.of("--ca-file", file)));
        // In a file of its owner's, because everyone can see command lines.
        activation.get().ifPresent(text -> {
            data.writePrivately(data.agentActivation(), text);
            command.addAll(List.of("--activation-file", data.agentActivation().toString()));
        });
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.outsideLog(data.agentLog()).toFile()));
        builder.environment().put("MALLOC_ARENA_MAX", "1"); // as with the heap: few threads allocate, and little
        try {
            return builder.start().toHandle();
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot start the local agent: %s".formatted(e.getMessage()), e);
        }
    }

    /** How an agent's JVM is started; the launcher does it in the same way. */
    public static List<String> agentCommand(Path home, List<String> jvmOptions) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + home.resolve("agent/target/dist/jvm.options")));
        Path jar = home.resolve("agent/target/dist/groundplane-agent.jar");
        Path cache = home.resolve("agent/target/groundplane-agent.aot");
        // Java would load classes of an older jar from it without a word.
        if (cache.toFile().lastModified() > jar.toFile().lastModified()) {
            command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
        }
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
