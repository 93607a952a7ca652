package dev.groundplane.agent;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.TaskDriver;
import java.time.Duration;
import java.util.List;

/** Containers that are none: they start and end with exit code 0 at once. */
record NothingDriver(Fleet fleet) implements TaskDriver {
    private static final ContainerExit DONE = new ContainerExit(0, null);

    @Override
    public String name() {
        return Drivers.HOST;
    }

    @Override
    public DriverHandle prepare(LaunchRequest request) {
        return new DriverHandle(Drivers.HOST, 1, request.taskId());
    }

    @Override
    public void start(DriverHandle handle) {
        fleet.started(handle.data());
    }

    @Override
    public ContainerExit waitForExit(DriverHandle handle) {
        return DONE;
    }

    @Override
    public void stop(DriverHandle handle, Duration grace) {}

    @Override
    public void destroy(DriverHandle handle) {}

    @Override
    public Inspection recover(DriverHandle handle) {
        return inspect(handle);
    }

    @Override
    public Inspection inspect(DriverHandle handle) {
        return new Inspection.Exited(DONE);
    }

    @Override
    public int execute(DriverHandle handle, List<String> words, Duration limit) {
        return 0;
    }
}
