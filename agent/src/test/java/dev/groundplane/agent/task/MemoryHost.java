package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.driver.TaskDriver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A host in memory that outlives its drivers. A container's words are its program: {@code exit N} ends at once,
 * {@code wait} runs until it is stopped or ended by the test, {@code fail} cannot be started. What happens is recorded in
 * order.
 */
final class MemoryHost {
    private static final Inspection NOT_STARTED = new Inspection.NotStarted();

    private final Map<String, Container> containers = new ConcurrentHashMap<>();
    final BlockingQueue<String> history = new LinkedBlockingQueue<>();

    /** What further commands in containers end with, one after the other. */
    final BlockingQueue<Integer> checks = new LinkedBlockingQueue<>();

    private static final class Container {
        private final List<String> words;
        private final CompletableFuture<ContainerExit> exit = new CompletableFuture<>();
        private boolean started;

        Container(List<String> words) {
            this.words = words;
        }
    }

    /** An agent process that has this host's driver. Once it has crashed, none of its calls returns any more. */
    static final class AgentProcess {
        private volatile boolean crashed;

        void crash() {
            crashed = true;
        }

        /** Never returns in a process that has crashed. */
        void proceed() throws InterruptedException {
            if (crashed) {
                new CountDownLatch(1).await();
            }
        }
    }

    /** The driver of an agent process. */
    TaskDriver driver(AgentProcess process) {
        return new Driver(process);
    }

    /** Ends the attempt at a container that runs at this moment. */
    void end(String container, int exitCode) {
        // All are found before the first one ends: the agent starts the next attempt at once, and it is to run on.
        var running = containers.entrySet().stream()
                .filter(entry -> entry.getKey().matches(".*/" + container + "(/[0-9]+)?"))
                .map(entry -> entry.getValue().exit)
                .toList();
        running.forEach(exit -> exit.complete(new ContainerExit(exitCode, null)));
    }

    private final class Driver implements TaskDriver {
        private final AgentProcess process;

        Driver(AgentProcess process) {
            this.process = process;
        }

        @Override
        public String name() {
            return "host";
        }

        @Override
        public DriverHandle prepare(LaunchRequest request) {
            var attempt = request.attempt() == 0 ? "" : "/" + request.attempt();
            var key = request.taskId() + "/" + request.container() + attempt;
            containers.putIfAbsent(key, new Container(request.program().words()));
            return new DriverHandle("host", 1, key);
        }

        @Override
        public void start(DriverHandle handle) throws StartFailure {
            var container = container(handle);
            synchronized (container) {
                if (container.started) {
                    return;
                }
                if (container.words.equals(List.of("fail"))) {
                    throw new StartFailure("program fail: it never starts; use another");
                }
                container.started = true;
            }
            history.add("start " + name(handle));
            if (container.words.getFirst().equals("exit")) {
                container.exit.complete(new ContainerExit(Integer.parseInt(container.words.get(1)), null));
            }
        }

        @Override
        public ContainerExit waitForExit(DriverHandle handle) throws InterruptedException {
            try {
                var exit = container(handle).exit.get();
                process.proceed();
                return exit;
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void stop(DriverHandle handle, Duration grace) {
            history.add("stop " + name(handle));
            container(handle).exit.complete(new ContainerExit(143, null));
        }

        @Override
        public void destroy(DriverHandle handle) {
            containers.remove(handle.data());
        }

        @Override
        public Inspection recover(DriverHandle handle) {
            return inspect(handle);
        }

        @Override
        public Inspection inspect(DriverHandle handle) {
            var container = containers.get(handle.data());
            if (container == null || !container.started) {
                return NOT_STARTED;
            }
            return container.exit.isDone()
                    ? new Inspection.Exited(container.exit.join())
                    : new Inspection.Running(1, List.of(), null);
        }

        @Override
        public int execute(DriverHandle handle, List<String> words, Duration limit) throws InterruptedException {
            return checks.take();
        }

        private Container container(DriverHandle handle) {
            return containers.get(handle.data());
        }

        private static String name(DriverHandle handle) {
            return handle.data().substring(handle.data().indexOf('/') + 1);
        }
    }
}
