package dev.groundplane.agent.files;

import java.nio.file.Path;

/** The files of one container, between the agent and what runs the container. */
public record ContainerDirectory(Path path) {

    /** What the container wrote to its standard output and standard error. */
    public Path log() {
        return path.resolve("log");
    }

    /** Holds the process id of the supervisor that won the right to start the container. */
    public Path claim() {
        return path.resolve("claim");
    }

    /** Holds the command's process id, as the host sees it, and its start time in clock ticks since boot. */
    public Path pid() {
        return path.resolve("pid");
    }

    /** Holds the exit code, once the command has ended. */
    public Path exit() {
        return path.resolve("exit");
    }

    /** Exists once the container is to stop: a command not yet running must not run any more. */
    public Path stop() {
        return path.resolve("stop");
    }

    /** What the supervisor does with the agent's rights before the command runs. */
    public Path setup() {
        return path.resolve("setup");
    }

    /** The script of the command itself, run with the command's rights. */
    public Path command() {
        return path.resolve("command");
    }
}
