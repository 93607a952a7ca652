package dev.groundplane.agent.metadata;

import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The ids by which containers ask: a task's id followed by 128 bits that only the holder of this agent's key can compute. So
 * nobody guesses them, nothing has to be remembered, and they stay the same when the agent starts again. Thread safe.
 */
final class EndpointIds {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int TAG_BYTES = 16;

    private final SecretKeySpec key;

    private EndpointIds(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * Reads the key, or makes it when there is none.
     *
     * @throws IOException when the file cannot be used or holds no key
     */
    static EndpointIds open(Path file) throws IOException {
        if (!Files.exists(file)) {
            var fresh = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(fresh);
            DurableFiles.replace(file, fresh, Durability.POWER_FAILURE);
        }
        var key = Files.readAllBytes(file);
        if (key.length != KEY_BYTES) {
            throw new IOException("%s has %d bytes instead of %d: remove it; running tasks then lose their endpoint"
                    .formatted(file, key.length, KEY_BYTES));
        }
        return new EndpointIds(key);
    }

    /** The id of a container's metadata. */
    String container(String taskArn, String container) {
        return id(taskArn, "container", container);
    }

    /** The id of the credentials of a task's role. */
    String credentials(String taskArn) {
        return id(taskArn, "credentials", "");
    }

    /** The task id within an id, which says nothing about whether the id is right; empty when it has none. */
    static String taskId(String id) {
        return id.substring(0, Math.max(0, id.lastIndexOf('-')));
    }

    /** Whether two ids are the same, in a time that does not tell where they differ. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private String id(String taskArn, String kind, String name) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            // ARNs and container names have no line ends.
            var tag = mac.doFinal((taskArn + "\n" + kind + "\n" + name).getBytes(StandardCharsets.UTF_8));
            var taskId = taskArn.substring(taskArn.lastIndexOf('/') + 1);
            return taskId + "-" + HexFormat.of().formatHex(Arrays.copyOf(tag, TAG_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
