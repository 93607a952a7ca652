package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Image;
import dev.groundplane.agent.driver.LaunchRequest.Network;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.driver.TaskDriver;
import java.time.Duration;
import java.util.List;

/** Runs the contract's requests, which are for the host, in containers of the test image without a network. */
record ImageForHost(TaskDriver driver) implements TaskDriver {
    @Override
    public String name() {
        return driver.name();
    }

    @Override
    public DriverHandle prepare(LaunchRequest request) throws StartFailure, InterruptedException {
        return driver.prepare(new LaunchRequest(
                request.taskId(),
                request.container(),
                request.attempt(),
                request.image().name().equals("host") ? new Image(TestEngine.IMAGE, null) : request.image(),
                request.program(),
                request.taskLimits(),
                request.limits(),
                request.ulimits(),
                request.mounts(),
                request.network().equals(Network.HOST) ? new Network("none", List.of()) : request.network(),
                request.docker()));
    }

    @Override
    public void start(DriverHandle handle) throws StartFailure, InterruptedException {
        driver.start(handle);
    }

    @Override
    public ContainerExit waitForExit(DriverHandle handle) throws InterruptedException {
        return driver.waitForExit(handle);
    }

    @Override
    public void stop(DriverHandle handle, Duration grace) throws InterruptedException {
        driver.stop(handle, grace);
    }

    @Override
    public void destroy(DriverHandle handle) {
        driver.destroy(handle);
    }

    @Override
    public Inspection recover(DriverHandle handle) throws InterruptedException {
        return driver.recover(handle);
    }

    @Override
    public Inspection inspect(DriverHandle handle) {
        return driver.inspect(handle);
    }

    @Override
    public int execute(DriverHandle handle, List<String> words, Duration limit) throws InterruptedException {
        return driver.execute(handle, words, limit);
    }
}
