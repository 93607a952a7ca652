package dev.groundplane.agent.driver;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The drivers of this agent. Immutable. */
public final class Drivers {
    /** The reserved image name that means the host itself, and the name of its driver. */
    public static final String HOST = "host";
    /** The name of the driver for images. */
    public static final String CONTAINER = "container";

    private final Map<String, TaskDriver> byName;

    /** The given drivers; their names differ. */
    public Drivers(List<TaskDriver> drivers) {
        byName = drivers.stream().collect(Collectors.toUnmodifiableMap(TaskDriver::name, Function.identity()));
    }

    /**
     * The driver that runs an image.
     *
     * @throws StartFailure when no driver of this agent can
     */
    public TaskDriver forImage(String image) throws StartFailure {
        var driver = byName.get(image.equals(HOST) ? HOST : CONTAINER);
        if (driver == null) {
            throw new StartFailure(
                    image.equals(HOST)
                            ? "image host: this agent has no host driver; use an image"
                            : "image %s: this agent has no container engine; use image host, or install podman or docker on its host and start the agent again"
                                    .formatted(image));
        }
        return driver;
    }

    /**
     * The driver that made a handle.
     *
     * @throws StartFailure when this agent no longer has it
     */
    public TaskDriver forHandle(DriverHandle handle) throws StartFailure {
        var driver = byName.get(handle.driver());
        if (driver == null) {
            throw new StartFailure("the container was started by the driver %s, which this agent does not have"
                    .formatted(handle.driver()));
        }
        return driver;
    }
}
