package dev.groundplane.services.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.identity.Caller;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.User;

class InstanceProfilesTest {
    @TempDir
    private Path directory;

    private IamFixture iam;

    @BeforeEach
    void open() {
        iam = new IamFixture(directory);
        for (String role : List.of("web", "db")) {
            iam.client().createRole(r -> r.roleName(role).assumeRolePolicyDocument(IamFixture.TRUST));
        }
    }

    @AfterEach
    void close() {
        iam.close();
    }

    private InstanceProfile made() {
        return iam.client()
                .createInstanceProfile(r -> r.instanceProfileName("Web").path("/desk/"))
                .instanceProfile();
    }

    private InstanceProfile read() {
        return iam.client()
                .getInstanceProfile(r -> r.instanceProfileName("web"))
                .instanceProfile();
    }

    private void add(String role) {
        iam.client().addRoleToInstanceProfile(r -> r.instanceProfileName("Web").roleName(role));
    }

    @Test
    void aProfileIsMadeAndFoundWhateverItsCase() {
        InstanceProfile profile = made();

        assertThat(profile.arn()).isEqualTo("arn:aws:iam::123456789012:instance-profile/desk/Web");
        assertThat(profile.instanceProfileId()).matches("AIPA[A-Z2-7]{17}");
        assertThat(read()).isEqualTo(profile.toBuilder().roles(List.of()).build());
        assertThatThrownBy(() -> iam.client().createInstanceProfile(r -> r.instanceProfileName("WEB")))
                .isInstanceOf(EntityAlreadyExistsException.class);
    }

    @Test
    void itHasOneRoleAtTheMost() {
        made();
        add("web");

        assertThat(read().roles()).extracting(Role::roleName).containsExactly("web");
        assertThatThrownBy(() -> add("db")).isInstanceOf(LimitExceededException.class);
        assertThat(iam.client()
                        .listInstanceProfilesForRole(r -> r.roleName("web"))
                        .instanceProfiles())
                .extracting(InstanceProfile::instanceProfileName)
                .containsExactly("Web");
        assertThat(iam.client()
                        .listInstanceProfilesForRole(r -> r.roleName("db"))
                        .instanceProfiles())
                .isEmpty();
    }

    @Test
    void neitherGoesWhileTheyBelongTogether() {
        made();
        add("web");

        assertThatThrownBy(() -> iam.client().deleteInstanceProfile(r -> r.instanceProfileName("Web")))
                .isInstanceOf(DeleteConflictException.class)
                .hasMessageContaining("must remove roles from instance profile first");
        assertThatThrownBy(() -> iam.client().deleteRole(r -> r.roleName("web")))
                .isInstanceOf(DeleteConflictException.class)
                .hasMessageContaining("must remove roles from instance profile first");

        iam.client()
                .removeRoleFromInstanceProfile(r -> r.instanceProfileName("Web").roleName("web"));
        assertThatThrownBy(() -> iam.client()
                        .removeRoleFromInstanceProfile(
                                r -> r.instanceProfileName("Web").roleName("web")))
                .isInstanceOf(NoSuchEntityException.class);
        iam.client().deleteInstanceProfile(r -> r.instanceProfileName("Web"));
        iam.client().deleteRole(r -> r.roleName("web"));
        assertThatThrownBy(this::read).isInstanceOf(NoSuchEntityException.class);
    }

    @Test
    void whoAddsARoleMustBeAllowedToPassIt() {
        made();
        User user = iam.client().createUser(r -> r.userName("ann")).user();
        Caller ann = Caller.user(IamFixture.ACCOUNT, user.arn(), user.userId(), "AKIAANN");

        assertThatThrownBy(() -> iam.client(ann)
                        .addRoleToInstanceProfile(
                                r -> r.instanceProfileName("Web").roleName("web")))
                .isInstanceOfSatisfying(AwsServiceException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(403);
                    assertThat(e.getMessage()).contains("iam:PassRole");
                });

        iam.client().putUserPolicy(r -> r.userName("ann").policyName("may").policyDocument("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"*",\
                "Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}]}"""));
        iam.client(ann)
                .addRoleToInstanceProfile(r -> r.instanceProfileName("Web").roleName("web"));
        assertThat(read().roles()).hasSize(1);
    }

    @Test
    void profilesAreListedByPathAndTagged() {
        made();
        iam.client().createInstanceProfile(r -> r.instanceProfileName("other"));
        iam.client()
                .tagInstanceProfile(r -> r.instanceProfileName("Web")
                        .tags(
                                Tag.builder().key("desk").value("rates").build(),
                                Tag.builder().key("stage").value("test").build()));
        iam.client().untagInstanceProfile(r -> r.instanceProfileName("Web").tagKeys("Stage"));

        assertThat(iam.client()
                        .listInstanceProfiles(r -> r.pathPrefix("/desk/"))
                        .instanceProfiles())
                .extracting(InstanceProfile::instanceProfileName)
                .containsExactly("Web");
        assertThat(iam.client().listInstanceProfiles(r -> r.maxItems(1)).isTruncated())
                .isTrue();
        assertThat(iam.client()
                        .listInstanceProfileTags(r -> r.instanceProfileName("Web"))
                        .tags())
                .extracting(Tag::key)
                .containsExactly("desk");
    }
}
