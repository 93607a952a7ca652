package dev.groundplane.services.redshiftserverless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.LateCall;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.warehouse.NameTakenException;
import dev.groundplane.services.warehouse.NamespaceRoles;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import dev.groundplane.services.warehouse.Warehouses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.AccessDeniedException;
import software.amazon.awssdk.services.redshiftserverless.model.ConfigParameter;
import software.amazon.awssdk.services.redshiftserverless.model.ConflictException;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.Tag;
import software.amazon.awssdk.services.redshiftserverless.model.TooManyTagsException;
import software.amazon.awssdk.services.redshiftserverless.model.ValidationException;

class RedshiftServerlessServiceTest {
    private static final Instant START = Instant.parse("2026-01-15T12:00:00Z");

    @TempDir
    private Path directory;

    private Database database;
    private WarehouseFoundation foundation;
    private RedshiftServerless service;
    private Warehouses warehouses;
    private volatile Instant now = START;
    private final Map<String, RolePassing.Verdict> verdicts = new ConcurrentHashMap<>();
    /** Ports that other programs of the machine have. */
    private final Set<Integer> taken = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void open() {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        Events events = new Events();
        foundation = new WarehouseFoundation(
                database,
                events,
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("none")),
                port -> !taken.contains(port),
                () -> now);
        service = new RedshiftServerless(
                database,
                events,
                "warehouse.example",
                (caller, role, principal) -> verdicts.getOrDefault(role, RolePassing.Verdict.NO_SUCH_ROLE),
                foundation,
                () -> now);
        warehouses = new Warehouses(List.of(service), foundation);
    }

    @AfterEach
    void close() {
        service.close();
        foundation.close();
        database.close();
    }

    private RedshiftServerlessClient client() {
        return client("123456789012");
    }

    private RedshiftServerlessClient client(String account) {
        return service.client(StoredCall.ofRoot(database, account));
    }

    private void createBoth(String name) {
        client().createNamespace(
                        r -> r.namespaceName(name).adminUsername("boss").adminUserPassword("Secret1234"));
        client().createWorkgroup(r -> r.workgroupName(name).namespaceName(name));
    }

    private Warehouse only() {
        assertThat(service.warehouses()).hasSize(1);
        return service.warehouses().getFirst();
    }

    @Test
    void aWorkgroupListensOnTheFirstFreePort() {
        createBoth("one");
        createBoth("two");

        assertThat(client().getWorkgroup(r -> r.workgroupName("one"))
                        .workgroup()
                        .endpoint())
                .satisfies(endpoint -> {
                    assertThat(endpoint.address()).isEqualTo("warehouse.example");
                    assertThat(endpoint.port()).isEqualTo(5439);
                });
        assertThat(client().getWorkgroup(r -> r.workgroupName("two"))
                        .workgroup()
                        .port())
                .isEqualTo(5440);
        assertThat(client().listWorkgroups(r -> r.maxResults(1)).nextToken()).isNotNull();
        client("999999999999").createNamespace(r -> r.namespaceName("one"));
        assertThat(client("999999999999")
                        .createWorkgroup(r -> r.workgroupName("one").namespaceName("one"))
                        .workgroup()
                        .port())
                .as("the machine's ports are those of all accounts")
                .isEqualTo(5441);
        client().deleteWorkgroup(r -> r.workgroupName("one"));
        assertThat(client().createWorkgroup(r -> r.workgroupName("again").namespaceName("one"))
                        .workgroup()
                        .port())
                .isEqualTo(5439);
    }

    @Test
    void theAdministratorsPasswordIsKeptAsItsVerifierOnly() {
        createBoth("risk");

        assertThat(warehouses.verifiers(only(), "boss"))
                .singleElement()
                .satisfies(
                        verifier -> assertThat(verifier.accepts("Secret1234")).isTrue());
        assertThat(warehouses.verifiers(only(), "other")).isEmpty();
        client().updateNamespace(r -> r.namespaceName("risk").adminUserPassword("Another1234"));
        assertThat(warehouses.verifiers(only(), "boss").getFirst().accepts("Secret1234"))
                .isFalse();
        assertThat(warehouses.verifiers(only(), "boss").getFirst().accepts("Another1234"))
                .isTrue();
    }

    @Test
    void aTemporaryPasswordEnds() {
        createBoth("risk");

        var given = client().getCredentials(r -> r.workgroupName("risk").durationSeconds(900));

        assertThat(given.dbUser()).isEqualTo("IAM:root");
        assertThat(given.expiration()).isEqualTo(START.plusSeconds(900));
        assertThat(warehouses.verifiers(only(), "IAM:root"))
                .singleElement()
                .satisfies(verifier ->
                        assertThat(verifier.accepts(given.dbPassword())).isTrue());
        now = START.plus(Duration.ofMinutes(16));
        assertThat(warehouses.verifiers(only(), "IAM:root")).isEmpty();
    }

    @Test
    void aPasswordThatEndsWhileItIsAskedForLetsNobodyIn() {
        createBoth("risk");
        client().getCredentials(r -> r.workgroupName("risk").dbName("dev").durationSeconds(900));
        var shown = warehouses.verifiers(only(), "IAM:root").getFirst();
        assertThat(warehouses.login(only(), "IAM:root", shown))
                .contains(new Warehouses.Login("IAM:root", Optional.of("dev")));

        now = START.plus(Duration.ofMinutes(16));
        assertThat(warehouses.login(only(), "IAM:root", shown)).isEmpty();

        var own = warehouses.verifiers(only(), "boss").getFirst();
        assertThat(warehouses.login(only(), "boss", own)).contains(new Warehouses.Login("boss", Optional.empty()));
        client().updateNamespace(r -> r.namespaceName("risk").adminUserPassword("Another1234"));
        assertThat(warehouses.login(only(), "boss", own)).isEmpty();
    }

    @Test
    void severalTemporaryPasswordsOfAUserAreValidTogetherAndHaveOneSalt() {
        createBoth("risk");

        var one = client().getCredentials(r -> r.workgroupName("risk"));
        var other = client().getCredentials(r -> r.workgroupName("risk"));

        var verifiers = warehouses.verifiers(only(), "IAM:root");
        assertThat(verifiers).hasSize(2);
        assertThat(verifiers.getFirst().salt()).isEqualTo(verifiers.getLast().salt());
        assertThat(verifiers).anyMatch(verifier -> verifier.accepts(one.dbPassword()));
        assertThat(verifiers).anyMatch(verifier -> verifier.accepts(other.dbPassword()));
    }

    @Test
    void aNamespaceThatIsMadeAgainKnowsNoPasswordOfTheFormerOne() {
        createBoth("risk");
        client().getCredentials(r -> r.workgroupName("risk"));
        client().deleteWorkgroup(r -> r.workgroupName("risk"));
        client().deleteNamespace(r -> r.namespaceName("risk"));
        createBoth("risk");

        assertThat(warehouses.verifiers(only(), "IAM:root")).isEmpty();
    }

    @Test
    void aNamespaceWithAWorkgroupStays() {
        createBoth("risk");

        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> client().deleteNamespace(r -> r.namespaceName("risk")))
                .withMessageContaining("workgroup risk");
        client().deleteWorkgroup(r -> r.workgroupName("risk"));
        client().deleteNamespace(r -> r.namespaceName("risk"));
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> client().getNamespace(r -> r.namespaceName("risk")));
        assertThat(service.warehouses()).isEmpty();
    }

    @Test
    void namesAreTakenOnce() {
        createBoth("risk");

        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> client().createNamespace(r -> r.namespaceName("risk")));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() ->
                        client().createWorkgroup(r -> r.workgroupName("other").namespaceName("risk")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"short1A", "nocapital1", "NOSMALL1", "NoDigitHere", "With@Sign12", "With space1"})
    void aPasswordThatIsNoneIsRefusedWithoutSayingIt(String password) {
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() ->
                        client().createNamespace(r -> r.namespaceName("risk").adminUserPassword(password)))
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain(password));
    }

    @Test
    void membersThatAreNotActedOnAreRefusedByName() {
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() ->
                        client().createNamespace(r -> r.namespaceName("risk").kmsKeyId("alias/mine")))
                .withMessageContaining("kmsKeyId is not implemented");
    }

    @Test
    void tagsAreKept() {
        createBoth("risk");
        var arn =
                client().getNamespace(r -> r.namespaceName("risk")).namespace().namespaceArn();
        var tag = Tag.builder().key("team").value("risk").build();

        client().tagResource(r -> r.resourceArn(arn).tags(tag));
        assertThat(client().listTagsForResource(r -> r.resourceArn(arn)).tags()).isEqualTo(List.of(tag));
        client().untagResource(r -> r.resourceArn(arn).tagKeys("team"));
        assertThat(client().listTagsForResource(r -> r.resourceArn(arn)).tags()).isEmpty();
    }

    @Test
    void aTagHasAKeyAndAValue() {
        createBoth("risk");
        var arn =
                client().getNamespace(r -> r.namespaceName("risk")).namespace().namespaceArn();

        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> client().tagResource(r ->
                        r.resourceArn(arn).tags(Tag.builder().key("team").build())))
                .withMessageContaining("the key team without a value");
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> client().tagResource(r ->
                        r.resourceArn(arn).tags(Tag.builder().value("risk").build())))
                .withMessageContaining("without a key");
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> client().createNamespace(r ->
                        r.namespaceName("other").tags(Tag.builder().key("team").build())))
                .withMessageContaining("the key team without a value");
        client().tagResource(r ->
                r.resourceArn(arn).tags(Tag.builder().key("empty").value("").build()));
        assertThat(client().listTagsForResource(r -> r.resourceArn(arn)).tags())
                .containsExactly(Tag.builder().key("empty").value("").build());
    }

    @Test
    void aResourceHasFiftyTagsAtMost() {
        List<Tag> most = IntStream.range(0, 50)
                .mapToObj(i -> Tag.builder().key("k" + i).value("").build())
                .toList();
        client().createNamespace(r -> r.namespaceName("risk").tags(most));
        var arn =
                client().getNamespace(r -> r.namespaceName("risk")).namespace().namespaceArn();

        client().tagResource(r ->
                r.resourceArn(arn).tags(Tag.builder().key("k0").value("again").build()));
        assertThatExceptionOfType(TooManyTagsException.class)
                .isThrownBy(() -> client().tagResource(r -> r.resourceArn(arn)
                        .tags(Tag.builder().key("k50").value("").build())))
                .withMessageContaining("may have 50 tags, not 51");
        assertThat(client().listTagsForResource(r -> r.resourceArn(arn)).tags()).hasSize(50);
    }

    @Test
    void aNamespaceThatTakesANameMeanwhileDoesNotGetTheTags() {
        client().createNamespace(r -> r.namespaceName("risk"));
        var former =
                client().getNamespace(r -> r.namespaceName("risk")).namespace().namespaceArn();
        Call late = new LateCall(StoredCall.ofRoot(database, "123456789012"), () -> {
            client().deleteNamespace(r -> r.namespaceName("risk"));
            client().createNamespace(r -> r.namespaceName("risk"));
        });

        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> service.client(late)
                        .tagResource(r -> r.resourceArn(former)
                                .tags(Tag.builder().key("team").value("risk").build())))
                .withMessageContaining(former);
        var arn =
                client().getNamespace(r -> r.namespaceName("risk")).namespace().namespaceArn();
        assertThat(client().listTagsForResource(r -> r.resourceArn(arn)).tags()).isEmpty();
    }

    @Test
    void aWorkgroupGetsNoPortThatAnotherProgramHas() {
        taken.add(5439);
        client().createNamespace(r -> r.namespaceName("risk"));
        client().createNamespace(r -> r.namespaceName("desk"));

        assertThat(client().createWorkgroup(r -> r.workgroupName("risk").namespaceName("risk"))
                        .workgroup()
                        .port())
                .isEqualTo(5440);
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> client().createWorkgroup(r ->
                        r.workgroupName("desk").namespaceName("desk").port(5439)))
                .withMessage("port 5439 is in use by another program on this machine; end that, or name another one.");
    }

    @Test
    void aPortThatWasAWorkgroupsAMomentAgoCanBeTakenAgain() {
        client().createNamespace(r -> r.namespaceName("risk"));
        client().createWorkgroup(r -> r.workgroupName("risk").namespaceName("risk"));
        warehouses.served(warehouses.all());
        taken.add(5439); // it is listened at until somebody knows that the workgroup is gone
        client().deleteWorkgroup(r -> r.workgroupName("risk"));

        assertThat(client().createWorkgroup(r ->
                                r.workgroupName("risk").namespaceName("risk").port(5439))
                        .workgroup()
                        .port())
                .isEqualTo(5439);
    }

    @Test
    void aNamespaceHasTheRolesThatItsOwnerMayPass() {
        var loader = "arn:aws:iam::123456789012:role/loader";
        var auditor = "arn:aws:iam::123456789012:role/auditor";
        verdicts.put(loader, RolePassing.Verdict.PASSED);
        verdicts.put(auditor, RolePassing.Verdict.NOT_ALLOWED);
        createBoth("risk");

        assertThat(client().updateNamespace(
                                r -> r.namespaceName("risk").iamRoles(loader).defaultIamRoleArn(loader))
                        .namespace()
                        .iamRoles())
                .containsExactly("IamRole(applyStatus=in-sync, iamRoleArn=%s)".formatted(loader));
        assertThat(warehouses.roles(only())).isEqualTo(new NamespaceRoles(List.of(loader), Optional.of(loader)));
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() ->
                        client().updateNamespace(r -> r.namespaceName("risk").iamRoles(auditor)));
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() ->
                        client().updateNamespace(r -> r.namespaceName("risk").iamRoles(loader + "s")))
                .withMessageContaining("no such role");
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() ->
                        client().updateNamespace(r -> r.namespaceName("risk").iamRoles(List.of())))
                .withMessageContaining("defaultIamRoleArn " + loader);
        client().updateNamespace(
                        r -> r.namespaceName("risk").iamRoles(List.of()).defaultIamRoleArn(""));
        assertThat(warehouses.roles(only())).isEqualTo(new NamespaceRoles(List.of(), Optional.empty()));
    }

    private JsonNode change(String changes) throws Exception {
        return warehouses.changePrincipals(
                StoredCall.ofRoot(database, "123456789012"), only(), new ObjectMapper().readTree(changes));
    }

    private static String user(int id, String name, String validUntil) {
        return """
                {"id": %d, "name": "%s", "superuser": false, "createDatabase": false, "validUntil": "%s", "connectionLimit": -1}""".formatted(id, name, validUntil);
    }

    @Test
    void databaseUsersLogInByTheVerifiersThatTheWarehouseSends() throws Exception {
        createBoth("risk");
        var verifier = ScramVerifier.of("Password1", new byte[16], 1);

        var after = change("[{\"kind\": \"user\", \"put\": %s, \"verifier\": \"%s\"}]"
                .formatted(user(0, "bob", "2024-01-01T00:00:00Z"), verifier));

        assertThat(after.path("users").findValuesAsText("name")).containsExactly("boss", "bob");
        assertThat(after.path("users").findValuesAsText("id")).containsExactly("100", "101");
        assertThat(after.toString()).doesNotContain("SCRAM");
        now = Instant.parse("2023-12-31T00:00:00Z");
        assertThat(warehouses.verifiers(only(), "bob"))
                .singleElement()
                .satisfies(one -> assertThat(one.accepts("Password1")).isTrue());
        now = Instant.parse("2024-01-01T00:00:00Z");
        assertThat(warehouses.verifiers(only(), "bob")).isEmpty();
        change("[{\"kind\": \"user\", \"put\": %s}]".formatted(user(101, "robert", "infinity")));
        assertThat(warehouses.verifiers(only(), "robert")).hasSize(1);
        assertThat(warehouses.verifiers(only(), "bob")).isEmpty();
        change("[{\"kind\": \"user\", \"put\": %s, \"verifier\": \"\"}]".formatted(user(101, "robert", "infinity")));
        assertThat(warehouses.verifiers(only(), "robert")).isEmpty();
        change("[{\"kind\": \"user\", \"remove\": 101}]");
        assertThat(warehouses.principals(only()).path("users").findValuesAsText("name"))
                .containsExactly("boss");
    }

    @Test
    void changesOfDatabaseUsersAreMadeTogetherOrNotAtAll() throws Exception {
        createBoth("risk");
        change("[{\"kind\": \"user\", \"put\": %s}]".formatted(user(0, "bob", "infinity")));

        for (var taken : List.of("bob", "boss")) {
            assertThatExceptionOfType(NameTakenException.class)
                    .isThrownBy(() -> change("[{\"kind\": \"user\", \"put\": %s}, {\"kind\": \"user\", \"put\": %s}]"
                            .formatted(user(0, "eve", "infinity"), user(0, taken, "infinity"))))
                    .withMessageContaining("user %s already exists".formatted(taken));
        }
        assertThat(warehouses.principals(only()).path("users").findValuesAsText("name"))
                .containsExactly("boss", "bob");
    }

    @Test
    void anIdIsNeverUsedAgain() throws Exception {
        createBoth("risk");
        change("[{\"kind\": \"user\", \"put\": %s}]".formatted(user(0, "bob", "infinity")));
        change("[{\"kind\": \"user\", \"remove\": 101}]");

        var after = change("[{\"kind\": \"user\", \"put\": %s}]".formatted(user(0, "eve", "infinity")));
        assertThat(after.path("users").findValuesAsText("id")).containsExactly("100", "102");
    }

    @Test
    void theAdministratorTakesNobodysName() throws Exception {
        createBoth("risk");
        change("[{\"kind\": \"user\", \"put\": %s}]".formatted(user(0, "bob", "infinity")));

        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() ->
                        client().updateNamespace(r -> r.namespaceName("risk").adminUsername("bob")))
                .withMessageContaining("user bob already exists");
    }

    @Test
    void aTemporaryPasswordMakesItsUserOnce() {
        createBoth("risk");
        client().getCredentials(r -> r.workgroupName("risk"));
        client().getCredentials(r -> r.workgroupName("risk"));

        var user = warehouses.principals(only()).path("users").path(1);
        assertThat(user.path("name").asText()).isEqualTo("IAM:root");
        assertThat(user.path("superuser").asBoolean()).isFalse();
        assertThat(warehouses.principals(only()).path("users")).hasSize(2);
    }

    @Test
    void aClusterOfAWorkgroupsNameHasNotItsParameters() {
        createBoth("risk");
        client().updateWorkgroup(r -> r.workgroupName("risk")
                .configParameters(ConfigParameter.builder()
                        .parameterKey("query_group")
                        .parameterValue("desk")
                        .build()));
        Warehouse workgroup = service.warehouses().getFirst();
        assertThat(service.parameters(workgroup)).containsEntry("query_group", "desk");

        Warehouse cluster = new Warehouse(
                Warehouse.Kind.CLUSTER,
                workgroup.scope(),
                "risk",
                "of a cluster",
                "risk",
                "of a cluster",
                "dev",
                workgroup.port() + 1,
                4,
                Warehouse.Run.FIRST);
        assertThat(service.parameters(cluster)).isEmpty();
    }
}
