package dev.groundplane.agent.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** Identities of hosts that share one key, because making thousands of keys takes minutes. */
public final class FleetIdentity {
    private static final String KEY = HostKey.generate().encoded();

    private FleetIdentity() {}

    /** Writes the identity of a host that is not registered yet. */
    public static void create(Path file) throws IOException {
        new HostIdentity(UUID.randomUUID().toString(), KEY, null, null).save(file);
    }
}
