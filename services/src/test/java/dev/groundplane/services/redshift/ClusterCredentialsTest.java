package dev.groundplane.services.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.warehouse.Warehouses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.redshift.model.ClusterNotFoundException;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamRequest;
import software.amazon.awssdk.services.redshift.model.RedshiftException;

class ClusterCredentialsTest {
    private static final Caller ALICE =
            Caller.user(Provisioned.ACCOUNT, "arn:aws:iam::123456789012:user/alice", "AIDA", "AKIA");

    @TempDir
    private Path directory;

    private Provisioned clusters;

    @BeforeEach
    void open() {
        clusters = new Provisioned(directory);
        clusters.create("risk");
    }

    @AfterEach
    void close() {
        clusters.close();
    }

    private Optional<Warehouses.Login> login(String name, String password) {
        List<ScramVerifier> verifiers = clusters.warehouses.verifiers(clusters.warehouse("risk"), name);
        return verifiers.stream()
                .filter(verifier -> verifier.accepts(password))
                .findFirst()
                .flatMap(shown -> clusters.warehouses.login(clusters.warehouse("risk"), name, shown));
    }

    private List<String> users() {
        return clusters.warehouses
                .principals(clusters.warehouse("risk"))
                .path("users")
                .findValuesAsText("name");
    }

    @Test
    void aNamedUserLogsInByAPrefixedName() {
        var given = clusters.client()
                .getClusterCredentials(
                        r -> r.clusterIdentifier("risk").dbUser("eve").dbName("dev"));

        assertThat(given.dbUser()).isEqualTo("IAM:eve");
        assertThat(login("IAM:eve", given.dbPassword())).contains(new Warehouses.Login("eve", Optional.of("dev")));
        assertThat(users()).as("nobody was made").containsExactly("boss");
        clusters.now = clusters.now.plus(Duration.ofMinutes(15));
        assertThat(login("IAM:eve", given.dbPassword())).isEmpty();
    }

    @Test
    void aUserIsMadeWhenThatIsWanted() {
        for (int i = 0; i < 2; i++) {
            var given = clusters.client()
                    .getClusterCredentials(
                            r -> r.clusterIdentifier("risk").dbUser("eve").autoCreate(true));
            assertThat(given.dbUser()).isEqualTo("IAMA:eve");
            assertThat(login("IAMA:eve", given.dbPassword())).contains(new Warehouses.Login("eve", Optional.empty()));
        }
        clusters.client()
                .getClusterCredentials(
                        r -> r.clusterIdentifier("risk").dbUser("boss").autoCreate(true));
        assertThat(users()).containsExactly("boss", "eve");
    }

    @Test
    void whomAPasswordIsOfIsToldByThePasswordAlone() {
        var named = clusters.client()
                .getClusterCredentials(r -> r.clusterIdentifier("risk").dbUser("alice"));
        var own = clusters.client(ALICE).getClusterCredentialsWithIAM(r -> r.clusterIdentifier("risk"));

        assertThat(own.dbUser()).isEqualTo(named.dbUser()).isEqualTo("IAM:alice");
        assertThat(login("IAM:alice", named.dbPassword()).map(Warehouses.Login::user))
                .contains("alice");
        assertThat(login("IAM:alice", own.dbPassword()).map(Warehouses.Login::user))
                .contains("IAM:alice");
        assertThat(users()).containsExactly("boss", "IAM:alice");
    }

    @Test
    void whatCannotBeGivenIsRefused() {
        assertThatExceptionOfType(ClusterNotFoundException.class)
                .isThrownBy(() -> clusters.client()
                        .getClusterCredentials(r -> r.clusterIdentifier("other").dbUser("eve")));
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client()
                        .getClusterCredentials(
                                r -> r.clusterIdentifier("risk").dbUser("eve").durationSeconds(60)))
                .withMessageContaining("DurationSeconds 60");
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client()
                        .getClusterCredentials(r -> r.clusterIdentifier("risk").dbUser("eve:x")))
                .withMessageContaining("DbUser 'eve:x'");
    }

    @Test
    void policiesSpeakOfUsersDatabasesAndGroups() {
        var access = clusters.redshift.access();
        assertThat(access.asked(
                        Provisioned.SCOPE,
                        "GetClusterCredentials",
                        GetClusterCredentialsRequest.builder()
                                .clusterIdentifier("Risk")
                                .dbUser("eve")
                                .dbName("dev")
                                .autoCreate(true)
                                .dbGroups("desk")
                                .build()))
                .extracting(AccessRequest::action, AccessRequest::resource)
                .extracting(Object::toString)
                .containsExactly(
                        "(\"redshift:GetClusterCredentials\", \"arn:aws:redshift:us-east-1:123456789012:dbuser:risk/eve\")",
                        "(\"redshift:GetClusterCredentials\", \"arn:aws:redshift:us-east-1:123456789012:dbname:risk/dev\")",
                        "(\"redshift:CreateClusterUser\", \"arn:aws:redshift:us-east-1:123456789012:dbuser:risk/eve\")",
                        "(\"redshift:JoinGroup\", \"arn:aws:redshift:us-east-1:123456789012:dbgroup:risk/desk\")");
        assertThat(access.asked(
                        Provisioned.SCOPE,
                        "GetClusterCredentialsWithIAM",
                        GetClusterCredentialsWithIamRequest.builder()
                                .clusterIdentifier("risk")
                                .build()))
                .extracting(AccessRequest::resource)
                .containsExactly("arn:aws:redshift:us-east-1:123456789012:dbname:risk/*");
    }
}
