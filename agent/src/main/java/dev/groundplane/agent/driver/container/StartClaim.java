package dev.groundplane.agent.driver.container;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an attempt's files say of its start: how its container was made, and whether the engine was asked to start it. An
 * engine starts a container that has ended again without a word, so whether to ask is decided here.
 */
record StartClaim(ContainerDirectory directory, int attempt) {

    /** Keeps how the container was made, until it has started. */
    void keepCreation(ObjectNode body) throws IOException {
        DurableFiles.replace(creation(), Engine.JSON.writeValueAsBytes(body), Durability.PROCESS);
    }

    /** Whether there is anything about how the container was made. */
    boolean hasCreation() {
        return Files.exists(creation());
    }

    /** How the container was made. */
    ObjectNode readCreation() throws IOException {
        return Engine.JSON.readValue(Files.readAllBytes(creation()), ObjectNode.class);
    }

    /** The container has started: its environment, which may hold secrets, need not lie about. */
    void forgetCreation() throws IOException {
        Files.deleteIfExists(creation());
    }

    /** Whether the engine was asked to start the container. */
    boolean isMade() {
        return Files.exists(file());
    }

    /** Notes that the engine is about to be asked. */
    void make(String id) throws IOException {
        DurableFiles.replace(file(), id.getBytes(StandardCharsets.UTF_8), Durability.PROCESS);
    }

    private Path file() {
        return directory.path().resolve("start-" + attempt);
    }

    private Path creation() {
        return directory.path().resolve("creation-" + attempt);
    }
}
