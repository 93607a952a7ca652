package dev.groundplane.agent.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What makes this host itself, as its file keeps it. Written before it is used, so that a crash at any point leads to the
 * same identity.
 *
 * @param fingerprint what this host tells itself from others by
 * @param privateKey see {@link HostKey#encoded}
 * @param nextPrivateKey the key that is to replace it; the control plane may know it already
 * @param instanceId {@code mi-...}; null until the host is registered
 */
record HostIdentity(
        String fingerprint,
        String privateKey,
        @Nullable String nextPrivateKey,
        @Nullable String instanceId) {

    static HostIdentity create() {
        return new HostIdentity(UUID.randomUUID().toString(), HostKey.generate().encoded(), null, null);
    }

    /**
     * Reads the file.
     *
     * @return empty when there is none
     */
    static Optional<HostIdentity> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.MAPPER.readValue(Files.readAllBytes(file), HostIdentity.class));
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "%s is damaged; restore it, or delete it and register with a new activation".formatted(file));
        }
    }

    /** Writes the file, readable by its owner only; returns this. */
    HostIdentity save(Path file) throws IOException {
        DurableFiles.replace(file, Json.MAPPER.writeValueAsBytes(this), Durability.POWER_FAILURE);
        return this;
    }

    HostIdentity registeredAs(String id) {
        return new HostIdentity(fingerprint, privateKey, nextPrivateKey, id);
    }

    HostIdentity withNext(@Nullable String next) {
        return new HostIdentity(fingerprint, privateKey, next, instanceId);
    }

    /** The next key has become the key. */
    HostIdentity promoted(String next) {
        return new HostIdentity(fingerprint, next, null, instanceId);
    }

    /** Keeps the keys out of log lines. */
    @Override
    public String toString() {
        return "HostIdentity[" + instanceId + "]";
    }
}
