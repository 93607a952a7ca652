package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.RolePassing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/** Roles in memory: who may pass them, and sessions that are counted. Thread-safe. */
final class FakeRoles implements RolePassing, StsClient {
    static final String ARN = "arn:aws:iam::123456789012:role/";

    /** What is found when a role of this ARN is passed; others are not there. */
    final Map<String, Verdict> verdicts = new ConcurrentHashMap<>();

    final List<AssumeRoleRequest> assumed = new CopyOnWriteArrayList<>();
    /** Roles that can be passed but not assumed: taken away in between. */
    final Set<String> takenAway = ConcurrentHashMap.newKeySet();

    volatile Duration life = Duration.ofHours(1);
    private final InstantSource clock;

    FakeRoles(InstantSource clock) {
        this.clock = clock;
    }

    TaskRoles taskRoles() {
        return new TaskRoles(this, scope -> this, name -> "id of " + name);
    }

    /** A role that tasks may have. */
    String role(String name) {
        verdicts.put(ARN + name, Verdict.PASSED);
        return ARN + name;
    }

    @Override
    public Verdict pass(Caller caller, String role, String service) {
        return verdicts.getOrDefault(role.startsWith(ARN) ? role : ARN + role, Verdict.NO_SUCH_ROLE);
    }

    @Override
    public synchronized AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        assumed.add(request);
        if (takenAway.contains(request.roleArn())) {
            throw (StsException) StsException.builder()
                    .message("Access denied")
                    .statusCode(403)
                    .build();
        }
        return AssumeRoleResponse.builder()
                .credentials(c -> c.accessKeyId("ASIA" + assumed.size())
                        .secretAccessKey("secret")
                        .sessionToken("token")
                        .expiration(clock.instant().plus(life)))
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
