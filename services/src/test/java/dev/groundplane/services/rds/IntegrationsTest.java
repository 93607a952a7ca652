package dev.groundplane.services.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.integration.DataFilter;
import dev.groundplane.services.integration.IntegrationClaims;
import dev.groundplane.services.integration.IntegrationStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.rds.model.CreateIntegrationRequest;
import software.amazon.awssdk.services.rds.model.DbClusterNotFoundException;
import software.amazon.awssdk.services.rds.model.Integration;
import software.amazon.awssdk.services.rds.model.IntegrationAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.IntegrationConflictOperationException;
import software.amazon.awssdk.services.rds.model.IntegrationNotFoundException;
import software.amazon.awssdk.services.rds.model.IntegrationQuotaExceededException;
import software.amazon.awssdk.services.rds.model.IntegrationStatus;
import software.amazon.awssdk.services.rds.model.RdsException;

class IntegrationsTest {
    private static final String NAMESPACE = "0c1d-namespace";
    private static final String TARGET = Aurora.SCOPE.arn("redshift-serverless", "namespace/" + NAMESPACE);

    @TempDir
    private Path directory;

    private Aurora aurora;

    @BeforeEach
    void open() {
        aurora = new Aurora(directory);
        aurora.namespaces.add(TARGET);
        aurora.create("bank");
    }

    @AfterEach
    void close() {
        aurora.close();
    }

    private CreateIntegrationRequest.Builder request(String name) {
        return CreateIntegrationRequest.builder()
                .integrationName(name)
                .sourceArn(RdsNames.cluster(Aurora.SCOPE, "bank"))
                .targetArn(TARGET);
    }

    /** The id of an active one. */
    private String create(String name) {
        String arn = aurora.client().createIntegration(request(name).build()).integrationArn();
        aurora.settle();
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    private Integration described(String id) {
        return aurora.client()
                .describeIntegrations(r -> r.integrationIdentifier(id))
                .integrations()
                .getFirst();
    }

    private void refused(String message, Consumer<CreateIntegrationRequest.Builder> with) {
        CreateIntegrationRequest.Builder request = request("trades");
        with.accept(request);
        assertThatExceptionOfType(RdsException.class)
                .isThrownBy(() -> aurora.client().createIntegration(request.build()))
                .withMessageContaining(message);
    }

    @Test
    void itIsActiveWhenItsSourceIs() {
        aurora.client().createIntegration(request("trades").description("all").build());
        assertThat(aurora.client().describeIntegrations(r -> {}).integrations())
                .singleElement()
                .satisfies(one -> assertThat(one.status()).isEqualTo(IntegrationStatus.CREATING))
                .satisfies(one -> assertThat(one.dataFilter()).isEqualTo("include: *.*.*"));
        aurora.settle();
        assertThat(aurora.client().describeIntegrations(r -> {}).integrations())
                .singleElement()
                .satisfies(one -> assertThat(one.status()).isEqualTo(IntegrationStatus.ACTIVE))
                .satisfies(one -> assertThat(one.description()).isEqualTo("all"));
    }

    @Test
    void whatCannotBeIsRefused() {
        create("trades");
        assertThatExceptionOfType(IntegrationAlreadyExistsException.class)
                .isThrownBy(() ->
                        aurora.client().createIntegration(request("trades").build()));
        assertThatExceptionOfType(DbClusterNotFoundException.class)
                .isThrownBy(() -> aurora.client()
                        .createIntegration(request("other")
                                .sourceArn(RdsNames.cluster(Aurora.SCOPE, "none"))
                                .build()));
        assertThatExceptionOfType(IntegrationNotFoundException.class)
                .isThrownBy(() -> aurora.client().deleteIntegration(r -> r.integrationIdentifier("none")));
        refused("IntegrationName '-x' must be", r -> r.integrationName("-x"));
        refused("must be an ARN of account", r -> r.integrationName("x").targetArn("somewhere"));
        refused(
                "must be the ARN of a Redshift Serverless namespace",
                r -> r.integrationName("x").targetArn(TARGET + "-other"));
        refused(
                "DataFilter 'include: a.b' cannot be used",
                r -> r.integrationName("x").dataFilter("include: a.b"));
    }

    @Test
    void aFilterSaysWhichTablesAreFollowed() {
        String id = create("trades");
        IntegrationClaims claims = aurora.zeroEtl.claims();
        claims.claim(Aurora.SCOPE, NAMESPACE, id, "sales", Optional.of("app"));
        String filter = "include: app.*.*, exclude: app.*.secret";
        aurora.client().modifyIntegration(r -> r.integrationIdentifier(id).dataFilter(filter));
        assertThat(described(id).dataFilter()).isEqualTo(filter);
        assertThat(claims.follow(Aurora.SCOPE, NAMESPACE, id, "sales").tables())
                .isEqualTo(DataFilter.of(filter).patterns());
        assertThatExceptionOfType(RdsException.class)
                .isThrownBy(() -> aurora.client()
                        .modifyIntegration(r -> r.integrationIdentifier(id).dataFilter("include: other.*.*")))
                .withMessageContaining("must include tables of database app while");
        assertThatExceptionOfType(RdsException.class)
                .isThrownBy(() -> aurora.client()
                        .modifyIntegration(r -> r.integrationIdentifier(id).dataFilter("app")))
                .withMessageContaining("DataFilter 'app' cannot be used");
        assertThat(described(id).dataFilter()).isEqualTo(filter);
    }

    @Test
    void aDatabaseThatAFilterExcludesIsNotFollowed() {
        String id = create("trades");
        aurora.client().modifyIntegration(r -> r.integrationIdentifier(id).dataFilter("include: app.*.*"));
        assertThatExceptionOfType(IntegrationClaims.Refused.class)
                .isThrownBy(
                        () -> aurora.zeroEtl.claims().claim(Aurora.SCOPE, NAMESPACE, id, "sales", Optional.of("other")))
                .withMessageContaining("has no tables of database other of its source, but 'include: app.*.*'");
    }

    @Test
    void aSourceHasFiveAtTheMost() {
        for (int i = 0; i < 5; i++) {
            create("trades" + i);
        }
        assertThatExceptionOfType(IntegrationQuotaExceededException.class).isThrownBy(() -> create("more"));
    }

    @Test
    void oneDatabaseOfTheTargetFollows() {
        String id = create("trades");
        IntegrationClaims claims = aurora.zeroEtl.claims();
        claims.claim(Aurora.SCOPE, NAMESPACE, id, "sales", Optional.of("app"));
        claims.claim(Aurora.SCOPE, NAMESPACE, id, "sales", Optional.of("app"));
        assertThat(claims.follow(Aurora.SCOPE, NAMESPACE, id, "sales"))
                .satisfies(followed -> assertThat(followed.database()).isEqualTo("app"))
                .satisfies(followed -> assertThat(followed.source().host()).isEqualTo("db.example"))
                .satisfies(followed -> assertThat(followed.name()).isEqualTo("groundplane_" + id.replace("-", "")));
        assertThat(claims.all(Aurora.SCOPE, NAMESPACE)).hasSize(1);
        assertThat(claims.all(Aurora.SCOPE, "other")).isEmpty();
        assertThatExceptionOfType(IntegrationClaims.Refused.class)
                .isThrownBy(() -> claims.claim(Aurora.SCOPE, NAMESPACE, id, "again", Optional.of("app")))
                .withMessageContaining("has database sales already");
        assertThatExceptionOfType(IntegrationClaims.Refused.class)
                .isThrownBy(() -> claims.claim(Aurora.SCOPE, "other", id, "sales", Optional.empty()))
                .withMessageContaining("does not exist");
    }

    @Test
    void whatNobodyFollowsAnyMoreIsForgottenAtTheSource() {
        String id = create("trades");
        IntegrationClaims claims = aurora.zeroEtl.claims();
        claims.claim(Aurora.SCOPE, NAMESPACE, id, "sales", Optional.of("app"));
        aurora.settle();
        assertThat(aurora.forgotten).isEmpty();
        claims.release(Aurora.SCOPE, NAMESPACE, id, "sales");
        aurora.settle();
        assertThat(aurora.forgotten).containsExactly("app groundplane_" + id.replace("-", ""));

        claims.claim(Aurora.SCOPE, NAMESPACE, id, "sales", Optional.empty());
        aurora.client().deleteIntegration(r -> r.integrationIdentifier(id));
        assertThat(described(id).status()).isEqualTo(IntegrationStatus.DELETING);
        assertThatExceptionOfType(IntegrationConflictOperationException.class)
                .isThrownBy(() -> aurora.client().deleteIntegration(r -> r.integrationIdentifier(id)));
        aurora.settle();
        assertThat(aurora.client().describeIntegrations(r -> {}).integrations()).isEmpty();
        assertThat(aurora.forgotten).hasSize(2);
        assertThatExceptionOfType(IntegrationClaims.Refused.class)
                .isThrownBy(() -> claims.follow(Aurora.SCOPE, NAMESPACE, id, "sales"));
    }

    @Test
    void withoutItsSourceItHasFailed() {
        String id = create("trades");
        aurora.client().deleteDBInstance(r -> r.dbInstanceIdentifier("bank-1"));
        aurora.client().deleteDBCluster(r -> r.dbClusterIdentifier("bank").skipFinalSnapshot(true));
        aurora.settle();
        assertThat(described(id).status()).isEqualTo(IntegrationStatus.FAILED);
        assertThat(described(id).errors())
                .singleElement()
                .satisfies(error -> assertThat(error.errorMessage()).contains("does not exist"));
    }

    @Test
    void nameAndDescriptionChange() {
        String id = create("trades");
        aurora.client()
                .modifyIntegration(r ->
                        r.integrationIdentifier(id).integrationName("deals").description("new"));
        assertThat(described(id).integrationName()).isEqualTo("deals");
        assertThat(described(id).description()).isEqualTo("new");
    }

    @Test
    void itAsksToReadTheSourceAndToWriteIntoTheTarget() {
        CreateIntegrationRequest request = request("trades").build();
        assertThat(aurora.rds.access().asked(Aurora.SCOPE, "CreateIntegration", request))
                .extracting(AccessRequest::action, AccessRequest::resource)
                .containsExactly(
                        tuple("rds:CreateIntegration", IntegrationStore.arn("rds", Aurora.SCOPE, "*")),
                        tuple("rds:CreateIntegration", request.sourceArn()),
                        tuple("redshift:CreateInboundIntegration", TARGET));
    }

    @Test
    void whatIsBeingRemovedAtTheSourceIsNotClaimedMeanwhile() {
        String id = create("trades");
        IntegrationClaims claims = aurora.zeroEtl.claims();
        claims.claim(Aurora.SCOPE, NAMESPACE, id, "sales", Optional.of("app"));
        claims.release(Aurora.SCOPE, NAMESPACE, id, "sales");
        assertThatExceptionOfType(IntegrationClaims.Refused.class)
                .isThrownBy(() -> claims.claim(Aurora.SCOPE, NAMESPACE, id, "sales", Optional.of("app")))
                .withMessageContaining("still lets go of database app");
        aurora.settle();
        claims.claim(Aurora.SCOPE, NAMESPACE, id, "sales", Optional.of("app"));
    }
}
