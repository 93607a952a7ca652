package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbClusterRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbClustersRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbClusterToPointInTimeRequest;

class QueryReaderTest {
    private static final ServiceModel MODEL = ServiceModel.of(RdsClient.class);
    private static final Codec CODEC = MODEL.codec();

    @Test
    void theActionNamesTheOperationInBodyOrQuery() {
        WireRequest inQuery = new WireRequest("GET", "/", "Action=DescribeDBClusters", Map.of(), new byte[0]);

        assertThat(CODEC.operation(request("Version=1&Action=DescribeDBClusters"))
                        .orElseThrow()
                        .name())
                .isEqualTo("DescribeDBClusters");
        assertThat(CODEC.operation(inQuery)).isPresent();
        assertThat(CODEC.operation(request("Action=NoSuchThing"))).isEmpty();
        assertThat(CODEC.operation(request("Action=describedbclusters"))).isEmpty();
        assertThat(CODEC.operation(request("Action="))).isEmpty();
        assertThat(CODEC.operation(request(""))).isEmpty();
    }

    @Test
    void scalarsListsAndStructuresAreRead() {
        CreateDbClusterRequest request = (CreateDbClusterRequest) decode(
                "CreateDBCluster",
                "DBClusterIdentifier=a&Port=5432&StorageEncrypted=true&AvailabilityZones.AvailabilityZone.2=b"
                        + "&AvailabilityZones.AvailabilityZone.1=a&Tags.Tag.1.Key=k&Tags.Tag.1.Value=v"
                        + "&ServerlessV2ScalingConfiguration.MinCapacity=0.5&Unknown.member.1=ignored");

        assertThat(request.dbClusterIdentifier()).isEqualTo("a");
        assertThat(request.port()).isEqualTo(5432);
        assertThat(request.storageEncrypted()).isTrue();
        assertThat(request.availabilityZones()).isEqualTo(List.of("a", "b"));
        assertThat(request.tags().getFirst().value()).isEqualTo("v");
        assertThat(request.serverlessV2ScalingConfiguration().minCapacity()).isEqualTo(0.5);
        assertThat(request.engine()).isNull();
    }

    @Test
    void anEmptyListIsThereAndAnAbsentOneIsNot() {
        assertThat(((DescribeDbClustersRequest) decode("DescribeDBClusters", "Filters=")).hasFilters())
                .isTrue();
        assertThat(((DescribeDbClustersRequest) decode("DescribeDBClusters", "")).hasFilters())
                .isFalse();
    }

    @Test
    void timestampsAreIso8601() {
        RestoreDbClusterToPointInTimeRequest request = (RestoreDbClusterToPointInTimeRequest)
                decode("RestoreDBClusterToPointInTime", "RestoreToTime=2026-01-15T12%3A00%3A00.5Z");

        assertThat(request.restoreToTime()).isEqualTo(Instant.parse("2026-01-15T12:00:00.500Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Port=x",
                "Port=",
                "Port=2147483648",
                "Port=1.5",
                "StorageEncrypted=yes",
                "StorageEncrypted=TRUE",
                "ServerlessV2ScalingConfiguration.MinCapacity=much"
            })
    void aValueOfAnotherTypeIsRefusedByName(String form) {
        String path = form.substring(0, form.indexOf('='));
        String name = path.substring(path.lastIndexOf('.') + 1);

        assertThatThrownBy(() -> decode("CreateDBCluster", form)).isInstanceOfSatisfying(WireException.class, e -> {
            assertThat(e.code(Protocol.QUERY)).isEqualTo("MalformedInput");
            assertThat(e).hasMessageContaining(name);
        });
    }

    @Test
    void aTimestampOfAnotherFormIsRefusedByName() {
        assertThatThrownBy(() -> decode("RestoreDBClusterToPointInTime", "RestoreToTime=yesterday"))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("RestoreToTime")
                .hasMessageContaining("yesterday");
    }

    @Test
    void aListOfTextHoldsNoNulls() {
        CreateDbClusterRequest request =
                (CreateDbClusterRequest) decode("CreateDBCluster", "AvailabilityZones.AvailabilityZone.1.Oops=a");

        assertThat(request.availabilityZones()).doesNotContainNull();
    }

    private static Object decode(String operation, String form) {
        return CODEC.decode(MODEL.operation(operation).orElseThrow(), request(form));
    }

    private static WireRequest request(String form) {
        return new WireRequest("POST", "/", "", Map.of(), form.getBytes(StandardCharsets.UTF_8));
    }
}
