package dev.groundplane.server.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.warehouse.NamespaceRoles;
import dev.groundplane.services.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

class AssumeRoleTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/loader";

    private final List<String> asked = new ArrayList<>();
    private final AssumeRole call = new AssumeRole(
            warehouse -> new NamespaceRoles(List.of(ROLE), Optional.empty()),
            (principal, scope) -> new Untrusted(principal));

    /** Security tokens for a role that trusts nobody. */
    private final class Untrusted implements StsClient {
        private final String principal;

        private Untrusted(String principal) {
            this.principal = principal;
        }

        @Override
        public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
            asked.add(principal);
            throw StsException.builder().message("not trusted").build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private static Warehouse warehouse(Warehouse.Kind kind) {
        Scope scope = new Scope("123456789012", "us-east-1");
        return new Warehouse(kind, scope, "risk", "1", "risk", "1", "dev", 5439, 4, Warehouse.Run.FIRST);
    }

    private void assume(Warehouse.Kind kind, String role) {
        call.answer(
                warehouse(kind),
                JsonNodeFactory.instance.objectNode().put("role", role).put("user", "admin"));
    }

    @Test
    void aClustersRoleMustTrustRedshiftAndAWorkgroupsMayTrustEither() {
        assertThatExceptionOfType(WorkerCallRefused.class)
                .isThrownBy(() -> assume(Warehouse.Kind.CLUSTER, ROLE))
                .withMessageContaining("Not authorized to get credentials of role " + ROLE);
        assertThat(asked).containsExactly("redshift.amazonaws.com");

        asked.clear();
        assertThatExceptionOfType(WorkerCallRefused.class).isThrownBy(() -> assume(Warehouse.Kind.WORKGROUP, ROLE));
        assertThat(asked).containsExactly("redshift-serverless.amazonaws.com", "redshift.amazonaws.com");
    }

    @ParameterizedTest
    @EnumSource(Warehouse.Kind.class)
    void aRoleThatIsNotAttachedIsNotAskedFor(Warehouse.Kind kind) {
        assertThatExceptionOfType(WorkerCallRefused.class)
                .isThrownBy(() -> assume(kind, ROLE + "2"))
                .withMessageContaining("is not associated to cluster");
        assertThat(asked).isEmpty();
    }
}
