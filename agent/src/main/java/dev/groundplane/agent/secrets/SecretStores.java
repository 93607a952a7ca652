package dev.groundplane.agent.secrets;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What containers' secrets are fetched with.
 *
 * <p>Thread safe.
 */
public final class SecretStores {
    private final Supplier<SecretSource> maker;
    private final ExecutionRole role;
    private final String region;
    private @Nullable SecretSource source;

    /**
     * Stores that are opened with the first secret.
     *
     * @param maker makes the source
     * @param role the credentials to ask with
     * @param region the agent's own, for what names none
     */
    public SecretStores(Supplier<SecretSource> maker, ExecutionRole role, String region) {
        this.maker = maker;
        this.role = role;
        this.region = region;
    }

    synchronized SecretSource source() {
        var made = source;
        if (made == null) {
            made = maker.get();
            source = made;
        }
        return made;
    }

    ExecutionRole role() {
        return role;
    }

    String region(@Nullable String named) {
        return named == null || named.isEmpty() ? region : named;
    }
}
