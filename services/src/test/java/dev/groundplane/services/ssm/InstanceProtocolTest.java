package dev.groundplane.services.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing.Verdict;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.ssm.InstanceProtocol.Registered;
import dev.groundplane.services.ssm.InstanceProtocol.Registration;
import dev.groundplane.services.ssm.InstanceProtocol.RoleToken;
import dev.groundplane.wire.Protocol;
import dev.groundplane.wire.WireException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CreateActivationResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InvalidInstanceIdException;
import software.amazon.awssdk.services.ssm.model.PingStatus;
import software.amazon.awssdk.services.ssm.model.SsmException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

class InstanceProtocolTest {
    private static final Scope SCOPE = new Scope("123456789012", "us-east-1");
    private static final String KEY = key(2_048);
    private static final String OTHER_KEY = key(2_048);

    @TempDir
    private Path directory;

    private Database database;
    private Instant now = Instant.parse("2026-01-15T12:00:00Z");
    private Verdict verdict = Verdict.PASSED;
    private boolean trusted = true;
    private final List<String> deregistered = new CopyOnWriteArrayList<>();
    private Ssm ssm;
    private InstanceProtocol protocol;

    @BeforeEach
    void open() {
        Events events = new Events();
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        events.subscribe(Ssm.DEREGISTERED, change -> deregistered.add(change.name()));
        ssm = new Ssm(
                database,
                events,
                (caller, role, service) -> verdict,
                scope -> new Roles(),
                SecretKeyFile.open(directory.resolve("secret.key"), directory.resolve("none")),
                () -> now);
        protocol = ssm.protocol();
    }

    private SsmClient client() {
        return ssm.client(StoredCall.ofRoot(database, SCOPE.account()));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void registersOnceAndAgainWhenTheAnswerWasLost() {
        CreateActivationResponse activation = activation(1);
        Registration request = registration(activation, "one", KEY);

        Registered first = register(request);
        now = now.plus(Duration.ofDays(2)); // used up and expired, but it is the same host

        assertThat(first.instanceId()).matches("mi-[0-9a-f]{17}");
        assertThat(register(request)).isEqualTo(first);
        assertThat(client().describeActivations(r -> {})
                        .activationList()
                        .getFirst()
                        .registrationsCount())
                .isEqualTo(1);
    }

    @Test
    void theSameMachineWithAnotherKeyIsRefused() {
        CreateActivationResponse activation = activation(5);
        register(registration(activation, "one", KEY));

        refused("InstanceAlreadyRegistered", () -> register(registration(activation, "one", OTHER_KEY)));
    }

    @Test
    void theCodeMustBeTheActivations() {
        CreateActivationResponse one = activation(1);
        CreateActivationResponse other = activation(1);

        refused(
                "InvalidActivation",
                () -> register(new Registration(one.activationId(), other.activationCode(), KEY, "Rsa", "f")));
        refused(
                "InvalidActivation",
                () -> register(new Registration(UUID.randomUUID().toString(), one.activationCode(), KEY, "Rsa", "f")));
    }

    @Test
    void onlyAHashOfTheCodeIsKept() {
        CreateActivationResponse activation = activation(1);

        String stored = database.read(connection -> {
            try (var rows = connection.createStatement().executeQuery("SELECT body || extra FROM resource")) {
                return rows.getString(1);
            }
        });

        assertThat(stored).contains(activation.activationId()).doesNotContain(activation.activationCode());
    }

    @Test
    void anExpiredActivationRegistersNobody() {
        CreateActivationResponse activation = activation(1);
        now = now.plus(Duration.ofHours(24));

        refused("ActivationExpired", () -> register(registration(activation, "one", KEY)));
        assertThat(client().describeActivations(r -> {})
                        .activationList()
                        .getFirst()
                        .expired())
                .isTrue();
    }

    @Test
    void concurrentRegistrationsDoNotExceedTheLimit() throws InterruptedException, ExecutionException {
        CreateActivationResponse activation = activation(3);
        List<Future<Boolean>> attempts = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String fingerprint = "machine-" + i;
                attempts.add(threads.submit(() -> {
                    try {
                        register(registration(activation, fingerprint, KEY));
                        return true;
                    } catch (WireException e) {
                        assertThat(e.code(Protocol.JSON)).isEqualTo("RegistrationLimitExceeded");
                        return false;
                    }
                }));
            }
        }

        int registered = 0;
        for (Future<Boolean> attempt : attempts) {
            registered += attempt.get() ? 1 : 0;
        }
        assertThat(registered).isEqualTo(3);
        assertThat(client().describeInstanceInformation(r -> {}).instanceInformationList())
                .hasSize(3);
    }

    @Test
    void keysThatAreNoneOrTooShortAreRefused() {
        CreateActivationResponse activation = activation(1);

        refused("InvalidPublicKey", () -> register(registration(activation, "one", "AAAA")));
        refused("InvalidPublicKey", () -> register(registration(activation, "one", "no base64!")));
        refused("InvalidPublicKey", () -> register(registration(activation, "one", key(1_024))));
    }

    @Test
    void givesTheRolesCredentialsToTheMachineThatRegistered() {
        String id = register(registration(activation(1), "one", KEY)).instanceId();

        RoleToken token = protocol.roleToken(StoredCall.ofRoot(database, SCOPE.account()), id, "one");

        assertThat(token.credentials().accessKeyId()).isEqualTo("ASIA-" + id);
        assertThat(token.updateKeyPair()).isFalse();
        assertThat(token.recordJson()).doesNotContain("secret").doesNotContain("token-of");
        refused(
                "MachineFingerprintDoesNotMatch",
                () -> protocol.roleToken(StoredCall.ofRoot(database, SCOPE.account()), id, "other"));
        trusted = false;
        refused(
                "AccessDeniedException",
                () -> protocol.roleToken(StoredCall.ofRoot(database, SCOPE.account()), id, "one"));
    }

    @Test
    void anOldKeyIsToBeReplaced() {
        String id = register(registration(activation(1), "one", KEY)).instanceId();
        now = now.plus(Duration.ofDays(31));
        assertThat(protocol.roleToken(StoredCall.ofRoot(database, SCOPE.account()), id, "one")
                        .updateKeyPair())
                .isTrue();

        protocol.updatePublicKey(StoredCall.ofRoot(database, SCOPE.account()), id, OTHER_KEY, "Rsa");

        assertThat(protocol.roleToken(StoredCall.ofRoot(database, SCOPE.account()), id, "one")
                        .updateKeyPair())
                .isFalse();
        byte[] known = protocol.identity(id).orElseThrow().publicKey().getEncoded();
        assertThat(Base64.getEncoder().encodeToString(known)).isEqualTo(OTHER_KEY);
    }

    @Test
    void aDeregisteredInstanceIsNobody() {
        String id = register(registration(activation(1), "one", KEY)).instanceId();

        client().deregisterManagedInstance(r -> r.instanceId(id));

        assertThat(deregistered).containsExactly(id);
        assertThat(protocol.isRegistered(id)).isFalse();
        assertThat(protocol.identity(id)).isEmpty();
        refused("InvalidInstanceId", () -> protocol.roleToken(StoredCall.ofRoot(database, SCOPE.account()), id, "one"));
        assertThatThrownBy(() -> client().deregisterManagedInstance(r -> r.instanceId(id)))
                .isInstanceOf(InvalidInstanceIdException.class);
    }

    @Test
    void aSilentInstanceHasLostItsConnection() {
        String id = register(registration(activation(1), "one", KEY)).instanceId();
        assertThat(only().pingStatus()).isEqualTo(PingStatus.ONLINE);

        now = now.plus(Duration.ofMinutes(5));
        assertThat(only().pingStatus()).isEqualTo(PingStatus.CONNECTION_LOST);

        protocol.roleToken(StoredCall.ofRoot(database, SCOPE.account()), id, "one");
        assertThat(only().pingStatus()).isEqualTo(PingStatus.ONLINE);
    }

    @Test
    void anActivationNeedsARoleThatMayBePassed() {
        verdict = Verdict.NOT_ALLOWED;
        assertCode("AccessDeniedException", () -> activation(1));
        verdict = Verdict.NO_SUCH_ROLE;
        assertCode("ValidationException", () -> activation(1));
        verdict = Verdict.NOT_TRUSTED;
        assertCode("ValidationException", () -> activation(1));
    }

    private InstanceInformation only() {
        return client().describeInstanceInformation(r -> {})
                .instanceInformationList()
                .getFirst();
    }

    private CreateActivationResponse activation(int limit) {
        return client().createActivation(r -> r.iamRole("Host").registrationLimit(limit));
    }

    private Registered register(Registration request) {
        return protocol.register(StoredCall.ofRoot(database, SCOPE.account()), request);
    }

    private static Registration registration(
            CreateActivationResponse activation, String fingerprint, String publicKey) {
        return new Registration(activation.activationId(), activation.activationCode(), publicKey, "Rsa", fingerprint);
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WireException.class,
                        e -> assertThat(e.code(Protocol.JSON)).isEqualTo(code));
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SsmException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    private static String key(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return Base64.getEncoder()
                    .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** STS with one role, which every session name gets. */
    private final class Roles implements StsClient {
        @Override
        public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
            if (!trusted) {
                throw StsException.builder().message("AccessDenied").build();
            }
            assertThat(request.roleArn()).isEqualTo("arn:aws:iam::123456789012:role/Host");
            return AssumeRoleResponse.builder()
                    .credentials(c -> c.accessKeyId("ASIA-" + request.roleSessionName())
                            .secretAccessKey("secret")
                            .sessionToken("token-of-" + request.roleSessionName())
                            .expiration(now.plusSeconds(request.durationSeconds())))
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
