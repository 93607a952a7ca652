package dev.groundplane.services.organizations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.StoredCall;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.organizations.OrganizationsClient;
import software.amazon.awssdk.services.organizations.model.AwsOrganizationsNotInUseException;
import software.amazon.awssdk.services.organizations.model.CreateAccountFailureReason;
import software.amazon.awssdk.services.organizations.model.CreateAccountState;
import software.amazon.awssdk.services.organizations.model.OrganizationalUnit;
import software.amazon.awssdk.services.organizations.model.OrganizationalUnitNotEmptyException;
import software.amazon.awssdk.services.organizations.model.ParentNotFoundException;
import software.amazon.awssdk.services.organizations.model.PolicySummary;
import software.amazon.awssdk.services.organizations.model.PolicyType;
import software.amazon.awssdk.services.organizations.model.PolicyTypeAlreadyEnabledException;
import software.amazon.awssdk.services.organizations.model.Root;

class OrganizationsTest {
    private static final String ACCOUNT = "123456789012";
    private static final int AT_ONCE = 16;

    @TempDir
    private Path directory;

    private final CountDownLatch mayPrepare = new CountDownLatch(1);
    private Database database;
    private Organizations organizations;
    private Root root;

    @BeforeEach
    void open() {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        organizations = new Organizations(
                database,
                new Events(),
                (account, role, management) -> await(mayPrepare),
                () -> Instant.parse("2026-01-15T12:00:00Z"));
        client().createOrganization(r -> {});
        root = client().listRoots(r -> {}).roots().getFirst();
    }

    @AfterEach
    void close() {
        mayPrepare.countDown();
        organizations.close();
        database.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private OrganizationsClient client() {
        return organizations.client(StoredCall.ofRoot(database, ACCOUNT));
    }

    private OrganizationalUnit unit(String parent, String name) {
        return client().createOrganizationalUnit(r -> r.parentId(parent).name(name))
                .organizationalUnit();
    }

    /** How many of many simultaneous tries succeed. */
    private static long succeed(Callable<?> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Callable<Boolean>> tries = IntStream.range(0, AT_ONCE)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        try {
                            work.call();
                            return true;
                        } catch (RuntimeException e) {
                            return false;
                        }
                    })
                    .toList();
            long succeeded = 0;
            for (Future<Boolean> one : threads.invokeAll(tries)) {
                succeeded += one.get() ? 1 : 0;
            }
            return succeeded;
        }
    }

    @Test
    void controlPoliciesAreEnabledFromTheStart() {
        assertThat(root.policyTypes())
                .extracting(type -> type.type())
                .containsExactly(PolicyType.SERVICE_CONTROL_POLICY);
        for (String target : List.of(root.id(), ACCOUNT, unit(root.id(), "new").id())) {
            assertThat(client().listPoliciesForTarget(r -> r.targetId(target).filter(PolicyType.SERVICE_CONTROL_POLICY))
                            .policies())
                    .extracting(PolicySummary::name)
                    .containsExactly("FullAWSAccess");
        }
        assertThatThrownBy(() -> client().enablePolicyType(
                                r -> r.rootId(root.id()).policyType(PolicyType.SERVICE_CONTROL_POLICY)))
                .isInstanceOf(PolicyTypeAlreadyEnabledException.class);
    }

    @Test
    void ofManyUnitsOfOneNameAtOnceOneIsMade() throws Exception {
        assertThat(succeed(() -> unit(root.id(), "Production"))).isEqualTo(1);
        assertThat(client().listOrganizationalUnitsForParent(r -> r.parentId(root.id()))
                        .organizationalUnits())
                .hasSize(1);
    }

    @Test
    void ofManyPoliciesOfOneNameAtOnceOneIsMade() throws Exception {
        assertThat(succeed(() -> client().createPolicy(r -> r.name("no-deletes")
                        .description("")
                        .type(PolicyType.SERVICE_CONTROL_POLICY)
                        .content("""
                                {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}}\
                                """))))
                .isEqualTo(1);
    }

    @Test
    void ofManyAccountsOfOneAddressAtOnceOneIsMade() throws Exception {
        succeed(() -> client().createAccount(r -> r.email("Team@house.example").accountName("team")));

        assertThat(client().listCreateAccountStatus(r -> r.states(CreateAccountState.FAILED))
                        .createAccountStatuses())
                .hasSize(AT_ONCE - 1)
                .allMatch(status -> status.failureReason() == CreateAccountFailureReason.EMAIL_ALREADY_EXISTS);
    }

    @Test
    void unitsStandBelowWhatIsThereAndNoDeeperThanFive() {
        String id = root.id();
        for (int depth = 1; depth <= 5; depth++) {
            id = unit(id, "level").id();
        }
        String deepest = id;
        assertThatThrownBy(() -> unit(deepest, "level")).hasMessageContaining("up to 5 levels");
        assertThatThrownBy(() -> unit("ou-abcd-12345678", "lost")).isInstanceOf(ParentNotFoundException.class);
    }

    @Test
    void aUnitGoesWhenItIsEmpty() {
        OrganizationalUnit upper = unit(root.id(), "upper");
        OrganizationalUnit lower = unit(upper.id(), "lower");

        assertThatThrownBy(() -> client().deleteOrganizationalUnit(r -> r.organizationalUnitId(upper.id())))
                .isInstanceOf(OrganizationalUnitNotEmptyException.class);
        client().deleteOrganizationalUnit(r -> r.organizationalUnitId(lower.id()));
        client().deleteOrganizationalUnit(r -> r.organizationalUnitId(upper.id()));
        assertThat(client().listOrganizationalUnitsForParent(r -> r.parentId(root.id()))
                        .organizationalUnits())
                .isEmpty();
    }

    @Test
    void anOrganizationThatIsDeletedIsGone() {
        client().deleteOrganization(r -> {});
        assertThatThrownBy(() -> client().describeOrganization(r -> {}))
                .isInstanceOf(AwsOrganizationsNotInUseException.class);
        client().createOrganization(r -> {});
    }
}
