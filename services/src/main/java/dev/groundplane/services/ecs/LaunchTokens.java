package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.Task;

/** Remembers for a day which tasks a RunTask with a client token led to, so that its repetition gets the same. */
final class LaunchTokens {
    private static final Duration LIFE = Duration.ofHours(24);

    private final EcsStore store;
    private final InstantSource clock;

    LaunchTokens(EcsStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    static void check(@Nullable String token) {
        if (token != null && !token.matches("[!-~]{1,64}")) {
            throw EcsErrors.invalidParameter(
                    "clientToken '%s' must be 1 to 64 printable ASCII characters without spaces.", token);
        }
    }

    /**
     * The tasks of the first call with this token; empty when this is the first, or has no token.
     *
     * @param fingerprint of the request without its token
     * @throws ConflictException when the token was used with other parameters
     */
    Optional<List<Task>> earlier(
            Transaction tx, Scope scope, String cluster, @Nullable String token, String fingerprint)
            throws SQLException {
        if (token == null) {
            return Optional.empty();
        }
        Optional<Stored<LaunchToken>> known = store.launchTokens().find(tx, scope, cluster + "/" + token);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        LaunchToken launch = known.get().value();
        if (!launch.fingerprint().equals(fingerprint)) {
            throw ConflictException.builder()
                    .message("The clientToken '%s' was used with other parameters.".formatted(token))
                    .resourceIds(launch.tasks().stream()
                            .map(name -> scope.arn("ecs", "task/" + name))
                            .toList())
                    .build();
        }
        List<Task> tasks = new ArrayList<>();
        for (String name : launch.tasks()) {
            store.tasks().find(tx, scope, name).ifPresent(t -> tasks.add(t.value()));
        }
        return Optional.of(tasks);
    }

    /** A launch that placed nothing leaves no trace: the caller may try again with the same token. */
    void remember(
            Transaction tx, Scope scope, String cluster, @Nullable String token, String fingerprint, List<Task> tasks)
            throws SQLException {
        if (token != null && !tasks.isEmpty()) {
            List<String> names =
                    tasks.stream().map(t -> EcsNames.name(t.taskArn())).toList();
            String expires = EcsStore.expiry(clock.instant().plus(LIFE));
            store.launchTokens()
                    .insert(
                            tx,
                            scope,
                            cluster + "/" + token,
                            new LaunchToken(fingerprint, names),
                            Map.of(EcsStore.EXPIRES, expires));
        }
    }
}
