package dev.groundplane.agent.files;

import java.nio.file.Path;

/** The files of one container, between the agent and what runs the container. */
public record ContainerDirectory(Path path) {

    /** What the container wrote to its standard output and standard error. */
    public Path log() {
        return path.resolve("log");
    }

    /** What has happened to the container, a line each; made by whoever wins the right to start it. */
    public Path status() {
        return path.resolve("status");
    }

    /** The script that becomes the container's command. */
    public Path launch() {
        return path.resolve("launch");
    }
}
