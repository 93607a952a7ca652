package dev.groundplane.services.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.groundplane.platform.policy.AccessRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.redshift.model.CreateIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.DescribeIntegrationsFilter;
import software.amazon.awssdk.services.redshift.model.DescribeIntegrationsRequest;
import software.amazon.awssdk.services.redshift.model.InboundIntegration;
import software.amazon.awssdk.services.redshift.model.Integration;
import software.amazon.awssdk.services.redshift.model.IntegrationAlreadyExistsException;
import software.amazon.awssdk.services.redshift.model.IntegrationError;
import software.amazon.awssdk.services.redshift.model.IntegrationNotFoundException;
import software.amazon.awssdk.services.redshift.model.RedshiftException;
import software.amazon.awssdk.services.redshift.model.Tag;
import software.amazon.awssdk.services.redshift.model.ZeroETLIntegrationStatus;

class EventIntegrationsTest {
    private static final String BUCKET = "arn:aws:s3:::market";

    @TempDir
    private Path directory;

    private Provisioned clusters;
    private String target;

    @BeforeEach
    void open() {
        clusters = new Provisioned(directory);
        clusters.create("risk");
        clusters.buckets.add("market");
        target = clusters.described("risk").clusterNamespaceArn();
    }

    @AfterEach
    void close() {
        clusters.close();
    }

    private CreateIntegrationRequest.Builder request(String name) {
        return CreateIntegrationRequest.builder()
                .integrationName(name)
                .sourceArn(BUCKET)
                .targetArn(target);
    }

    private String create(String name) {
        return clusters.client().createIntegration(request(name).build()).integrationArn();
    }

    private Integration described(String arn) {
        return clusters.client()
                .describeIntegrations(r -> r.integrationArn(arn))
                .integrations()
                .getFirst();
    }

    private void refused(String code, String message, Consumer<CreateIntegrationRequest.Builder> with) {
        CreateIntegrationRequest.Builder request = request("files");
        with.accept(request);
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client().createIntegration(request.build()))
                .withMessageContaining(message)
                .satisfies(failure -> assertThat(failure.getClass().getSimpleName() + failure.awsErrorDetails())
                        .contains(code));
    }

    @Test
    void itIsActiveWhileBothOfItsEndsAreThere() {
        var made = clusters.client()
                .createIntegration(request("files").description("prices").build());
        assertThat(made.status()).isEqualTo(ZeroETLIntegrationStatus.ACTIVE);
        assertThat(described(made.integrationArn()))
                .satisfies(one -> assertThat(one.status()).isEqualTo(ZeroETLIntegrationStatus.ACTIVE))
                .satisfies(one -> assertThat(one.description()).isEqualTo("prices"))
                .satisfies(one -> assertThat(one.createTime()).isEqualTo(clusters.now))
                .satisfies(one -> assertThat(one.errors()).isEmpty());

        clusters.buckets.clear();
        assertThat(described(made.integrationArn()).status()).isEqualTo(ZeroETLIntegrationStatus.FAILED);
        assertThat(described(made.integrationArn()).errors())
                .extracting(IntegrationError::errorCode)
                .containsExactly("SourceNotFound");
        clusters.buckets.add("market");
        clusters.client().deleteCluster(r -> r.clusterIdentifier("risk").skipFinalClusterSnapshot(true));
        assertThat(described(made.integrationArn()).errors())
                .extracting(IntegrationError::errorCode)
                .containsExactly("TargetNotFound");
    }

    @Test
    void whatIsWrongIsSaid() {
        refused("InvalidParameterValue", "IntegrationName 'a--b'", r -> r.integrationName("a--b"));
        refused("InvalidParameterValue", "aws rds create-integration", r -> r.sourceArn("arn:aws:rds:r:1:cluster:c"));
        refused("InvalidParameterValue", "'arn:aws:s3:::market/prices'", r -> r.sourceArn(BUCKET + "/prices"));
        refused("IntegrationSourceNotFound", "arn:aws:s3:::others", r -> r.sourceArn("arn:aws:s3:::others"));
        refused("IntegrationTargetNotFound", target + "0", r -> r.targetArn(target + "0"));
        refused(
                "IntegrationTargetNotFound",
                "999999999999",
                r -> r.targetArn(target.replace(Provisioned.ACCOUNT, "999999999999")));
        refused("InvalidParameterValue", "KMSKeyId", r -> r.kmsKeyId("key"));
        refused(
                "InvalidParameterValue",
                "without a Key",
                r -> r.tagList(Tag.builder().value("v").build()));
    }

    @Test
    void namesAreTakenOnce() {
        create("files");
        String other = create("others");
        assertThatExceptionOfType(IntegrationAlreadyExistsException.class).isThrownBy(() -> create("files"));
        assertThatExceptionOfType(IntegrationAlreadyExistsException.class)
                .isThrownBy(() -> clusters.client()
                        .modifyIntegration(r -> r.integrationArn(other).integrationName("files")));
        assertThat(clusters.client()
                        .modifyIntegration(r -> r.integrationArn(other).integrationName("more"))
                        .integrationName())
                .isEqualTo("more");
        assertThat(described(other).integrationName()).isEqualTo("more");
    }

    @Test
    void aDeletedOneIsGone() {
        String arn = create("files");
        assertThat(clusters.client()
                        .deleteIntegration(r -> r.integrationArn(arn))
                        .status())
                .isEqualTo(ZeroETLIntegrationStatus.DELETING);
        assertThatExceptionOfType(IntegrationNotFoundException.class).isThrownBy(() -> described(arn));
        assertThatExceptionOfType(IntegrationNotFoundException.class)
                .isThrownBy(() -> clusters.client().deleteIntegration(r -> r.integrationArn(arn)));
        assertThatExceptionOfType(IntegrationNotFoundException.class).isThrownBy(() -> described("files"));
        create("files");
    }

    @Test
    void theyAreListedByFiltersAndInPages() {
        for (int i = 0; i < 25; i++) {
            create("files-" + i);
        }
        var first = clusters.client().describeIntegrations(r -> r.maxRecords(20));
        assertThat(first.integrations()).hasSize(20);
        var second =
                clusters.client().describeIntegrations(r -> r.maxRecords(20).marker(first.marker()));
        assertThat(second.integrations()).hasSize(5).doesNotContainAnyElementsOf(first.integrations());
        assertThat(second.marker()).isNull();
        assertThat(clusters.client()
                        .describeIntegrations(filter("source-arn", BUCKET))
                        .integrations())
                .hasSize(25);
        assertThat(clusters.client()
                        .describeIntegrations(filter("status", "failed"))
                        .integrations())
                .isEmpty();
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client().describeIntegrations(filter("color", "red")))
                .withMessageContaining("'color'");
    }

    private static Consumer<DescribeIntegrationsRequest.Builder> filter(String name, String value) {
        return r -> r.filters(List.of(
                DescribeIntegrationsFilter.builder().name(name).values(value).build()));
    }

    @Test
    void aWarehouseTellsWhatComesIn() {
        String arn = create("files");
        assertThat(clusters.client()
                        .describeInboundIntegrations(r -> r.targetArn(target))
                        .inboundIntegrations())
                .extracting(InboundIntegration::integrationArn)
                .containsExactly(arn);
        assertThat(clusters.client()
                        .describeInboundIntegrations(r -> r.targetArn(target + "0"))
                        .inboundIntegrations())
                .isEmpty();
        assertThatExceptionOfType(IntegrationNotFoundException.class)
                .isThrownBy(() -> clusters.client().describeInboundIntegrations(r -> r.integrationArn(arn + "0")));
    }

    @Test
    void theyHaveTags() {
        Tag team = Tag.builder().key("team").value("risk").build();
        String arn = clusters.client()
                .createIntegration(request("files").tagList(team).build())
                .integrationArn();
        assertThat(clusters.client()
                        .describeTags(r -> r.resourceType("integration"))
                        .taggedResources())
                .singleElement()
                .satisfies(one -> assertThat(one.resourceName()).isEqualTo(arn))
                .satisfies(one -> assertThat(one.tag()).isEqualTo(team));
        clusters.client().deleteTags(r -> r.resourceName(arn).tagKeys("team"));
        assertThat(described(arn).tags()).isEmpty();
    }

    @Test
    void whoMayIsAskedOfBothEnds() {
        assertThat(clusters.redshift
                        .access()
                        .asked(
                                Provisioned.SCOPE,
                                "CreateIntegration",
                                request("files").build()))
                .extracting(AccessRequest::action, AccessRequest::resource)
                .containsExactly(
                        tuple("redshift:CreateIntegration", Provisioned.SCOPE.arn("redshift", "integration:*")),
                        tuple("redshift:CreateInboundIntegration", target));
    }
}
