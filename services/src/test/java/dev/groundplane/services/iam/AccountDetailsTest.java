package dev.groundplane.services.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.GetAccountAuthorizationDetailsResponse;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.ManagedPolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.User;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** What an auditor is told. */
class AccountDetailsTest {
    @TempDir
    private Path directory;

    private IamFixture iam;
    private String readers;

    @BeforeEach
    void fill() {
        iam = new IamFixture(directory);
        readers = iam.client()
                .createPolicy(r -> r.policyName("readers").policyDocument(IamFixture.READS))
                .policy()
                .arn();
        iam.client()
                .createUser(r -> r.userName("ann").permissionsBoundary(readers).tags(tag("desk", "rates")));
        iam.client().putUserPolicy(r -> r.userName("ann").policyName("own").policyDocument(IamFixture.READS));
        iam.client().createGroup(r -> r.groupName("desk"));
        iam.client().addUserToGroup(r -> r.groupName("desk").userName("ann"));
        iam.client().attachGroupPolicy(r -> r.groupName("desk").policyArn(readers));
        iam.client().createRole(r -> r.roleName("web").assumeRolePolicyDocument(IamFixture.TRUST));
        iam.client().createInstanceProfile(r -> r.instanceProfileName("web"));
        iam.client().addRoleToInstanceProfile(r -> r.instanceProfileName("web").roleName("web"));
    }

    @AfterEach
    void close() {
        iam.close();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Test
    void everythingOfTheAccountIsToldWithWhatBindsIt() {
        GetAccountAuthorizationDetailsResponse details = iam.client()
                .getAccountAuthorizationDetails(r ->
                        r.filter(EntityType.USER, EntityType.GROUP, EntityType.ROLE, EntityType.LOCAL_MANAGED_POLICY));

        assertThat(details.isTruncated()).isFalse();
        UserDetail ann = details.userDetailList().getFirst();
        assertThat(ann.groupList()).containsExactly("desk");
        assertThat(ann.permissionsBoundary().permissionsBoundaryArn()).isEqualTo(readers);
        assertThat(ann.tags()).containsExactly(tag("desk", "rates"));
        assertThat(URLDecoder.decode(ann.userPolicyList().getFirst().policyDocument(), StandardCharsets.UTF_8))
                .isEqualTo(IamFixture.READS);
        GroupDetail desk = details.groupDetailList().getFirst();
        assertThat(desk.attachedManagedPolicies())
                .extracting(AttachedPolicy::policyArn)
                .containsExactly(readers);
        RoleDetail web = details.roleDetailList().getFirst();
        assertThat(URLDecoder.decode(web.assumeRolePolicyDocument(), StandardCharsets.UTF_8))
                .isEqualTo(IamFixture.TRUST);
        assertThat(web.instanceProfileList())
                .extracting(InstanceProfile::instanceProfileName)
                .containsExactly("web");
        ManagedPolicyDetail policy = details.policies().getFirst();
        assertThat(policy.attachmentCount()).isEqualTo(1);
        assertThat(policy.permissionsBoundaryUsageCount()).isEqualTo(1);
        assertThat(policy.policyVersionList())
                .extracting(PolicyVersion::versionId)
                .containsExactly("v1");
    }

    @Test
    void aFilterLeavesOutTheRest() {
        GetAccountAuthorizationDetailsResponse details =
                iam.client().getAccountAuthorizationDetails(r -> r.filter(EntityType.AWS_MANAGED_POLICY));

        assertThat(details.userDetailList()).isEmpty();
        assertThat(details.policies())
                .isNotEmpty()
                .allMatch(policy -> policy.arn().startsWith("arn:aws:iam::aws:policy/"));
    }

    @Test
    void pagesTogetherAreEverythingOnce() {
        List<String> names = new ArrayList<>();
        String marker = null;
        do {
            String from = marker;
            GetAccountAuthorizationDetailsResponse page = iam.client()
                    .getAccountAuthorizationDetails(r -> r.filter(EntityType.USER, EntityType.GROUP, EntityType.ROLE)
                            .maxItems(1)
                            .marker(from));
            page.userDetailList().forEach(user -> names.add(user.userName()));
            page.groupDetailList().forEach(group -> names.add(group.groupName()));
            page.roleDetailList().forEach(role -> names.add(role.roleName()));
            marker = page.marker();
        } while (marker != null);

        assertThat(names).containsExactly("ann", "desk", "web");
    }

    @Test
    void theSummaryCountsThem() {
        assertThat(iam.client().getAccountSummary().summaryMapAsStrings())
                .containsEntry("Users", 1)
                .containsEntry("Groups", 1)
                .containsEntry("Roles", 1)
                .containsEntry("Policies", 1)
                .containsEntry("InstanceProfiles", 1)
                .containsEntry("AccountAccessKeysPresent", 0);
    }

    /** Source: ListUsers, ListRoles and ListPolicies in the API reference. */
    @Test
    void listingsLeaveOutWhatOnlyTheSingleReadTells() {
        User listed = iam.client().listUsers().users().getFirst();

        assertThat(listed.hasTags()).isFalse();
        assertThat(listed.permissionsBoundary()).isNull();
        assertThat(iam.client().getUser(r -> r.userName("ann")).user().hasTags())
                .isTrue();
    }
}
