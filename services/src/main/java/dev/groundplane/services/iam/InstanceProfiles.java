package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;

/**
 * Instance profiles: names under which EC2 instances find their role. There is no EC2 here; tools that make a profile for
 * each role, and policies that count on them, find what they expect. A profile has one role at the most.
 */
final class InstanceProfiles {
    static final int MOST = 1_000;
    private static final String EC2 = "ec2.amazonaws.com";
    /** Extra and index: the role's key. */
    private static final String ROLE = "role";

    private final IdentityStore store;
    private final RolePassing passing;
    private final InstantSource clock;
    private final Resources<InstanceProfile> profiles;

    InstanceProfiles(IdentityStore store, RolePassing passing, Database database, Events events, InstantSource clock) {
        this.store = store;
        this.passing = passing;
        this.clock = clock;
        WireForm<InstanceProfile> form = WireForm.of(InstanceProfile.class, InstanceProfile::builder);
        profiles = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "iam:instance-profile",
                        form::encode,
                        form::decode,
                        (value, extra) -> extra.containsKey(ROLE) ? Map.of(ROLE, extra.get(ROLE)) : Map.of()));
    }

    InstanceProfile create(Call call, CreateInstanceProfileRequest request) {
        String account = call.scope().account();
        String name = Members.instanceProfileName(request.instanceProfileName());
        String path = Members.path(request.path());
        InstanceProfile profile = InstanceProfile.builder()
                .path(path)
                .instanceProfileName(name)
                .instanceProfileId(UniqueIds.next("AIPA"))
                .arn("arn:aws:iam::" + account + ":instance-profile" + path + name)
                .createDate(clock.instant().truncatedTo(ChronoUnit.SECONDS))
                .tags(TagList.valid(request.tags()))
                .build();
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(account);
            if (profiles.find(tx, scope, IdentityStore.key(name)).isPresent()) {
                throw IamErrors.exists("Instance Profile " + name);
            }
            if (profiles.list(tx, scope, "", "", MOST).items().size() >= MOST) {
                throw IamErrors.limitExceeded("InstanceProfilesPerAccount", MOST);
            }
            profiles.insert(tx, scope, IdentityStore.key(name), profile, Map.of());
            return profile;
        });
    }

    InstanceProfile get(Call call, @Nullable String profileName) {
        String account = call.scope().account();
        String name = Members.instanceProfileName(profileName);
        return profiles.find(IdentityStore.scope(account), IdentityStore.key(name))
                .map(profile -> shown(account, profile))
                .orElseThrow(() -> noSuch(name));
    }

    Listing<InstanceProfile> list(
            Call call, @Nullable String pathPrefix, @Nullable String marker, @Nullable Integer maxItems) {
        String account = call.scope().account();
        String prefix = Objects.requireNonNullElse(pathPrefix, "/");
        Listing<Stored<InstanceProfile>> page = Listing.ofStored(
                profiles,
                IdentityStore.scope(account),
                "",
                marker,
                maxItems,
                profile -> profile.value().path().startsWith(prefix));
        return new Listing<>(
                page.items().stream().map(profile -> shown(account, profile)).toList(), page.marker());
    }

    Listing<InstanceProfile> ofRole(
            Call call, @Nullable String roleName, @Nullable String marker, @Nullable Integer maxItems) {
        String account = call.scope().account();
        Entity role = store.require(EntityKind.ROLE, account, Members.roleName(roleName));
        return Listing.of(ofRole(account, role.key()), marker, maxItems);
    }

    /** The profiles that a role is in, in order of their names. */
    List<InstanceProfile> ofRole(String account, String roleKey) {
        return profiles.listByIndex(IdentityStore.scope(account), ROLE, roleKey, "", Resources.ALL).items().stream()
                .map(profile -> shown(account, profile))
                .toList();
    }

    int count(String account) {
        return profiles.list(IdentityStore.scope(account), "", "", Resources.ALL)
                .items()
                .size();
    }

    /** The caller must be allowed to pass the role to EC2, as on AWS. */
    <R> R addRole(Call call, @Nullable String profileName, @Nullable String roleName, R response) {
        String name = Members.instanceProfileName(profileName);
        String role = Members.roleName(roleName);
        if (passing.pass(call.caller(), role, EC2) == RolePassing.Verdict.NOT_ALLOWED) {
            throw IamErrors.accessDenied(
                    "User: %s is not authorized to perform: iam:PassRole on resource: arn:aws:iam::%s:role/%s",
                    call.caller().arn(), call.scope().account(), role);
        }
        return call.commit(tx -> {
            Stored<InstanceProfile> profile = require(tx, call, name);
            Role added = store.requireRole(tx, call.scope().account(), role).value();
            if (profile.extra().containsKey(ROLE)) {
                throw IamErrors.limitExceeded("InstanceSessionsPerInstanceProfile", 1);
            }
            profiles.update(tx, profile.withExtra(ROLE, IdentityStore.key(added.roleName())));
            return response;
        });
    }

    <R> R removeRole(Call call, @Nullable String profileName, @Nullable String roleName, R response) {
        String name = Members.instanceProfileName(profileName);
        String role = Members.roleName(roleName);
        return call.commit(tx -> {
            Stored<InstanceProfile> profile = require(tx, call, name);
            if (!IdentityStore.key(role).equals(profile.extra().get(ROLE))) {
                throw IamErrors.noSuch(EntityKind.ROLE, role);
            }
            profiles.update(tx, profile.withExtra(ROLE, null));
            return response;
        });
    }

    <R> R delete(Call call, @Nullable String profileName, R response) {
        String name = Members.instanceProfileName(profileName);
        return call.commit(tx -> {
            Stored<InstanceProfile> profile = require(tx, call, name);
            if (profile.extra().containsKey(ROLE)) {
                throw IamErrors.conflict("remove roles from instance profile");
            }
            profiles.delete(tx, profile);
            return response;
        });
    }

    /** A role that goes must be in no profile. */
    void requireNone(Transaction tx, Scope scope, String roleKey) throws SQLException {
        if (!profiles.listByIndex(tx, scope, ROLE, roleKey, "", 1).items().isEmpty()) {
            throw IamErrors.conflict("remove roles from instance profile");
        }
    }

    <R> R tag(Call call, @Nullable String profileName, UnaryOperator<List<Tag>> change, R response) {
        String name = Members.instanceProfileName(profileName);
        return call.commit(tx -> {
            Stored<InstanceProfile> profile = require(tx, call, name);
            List<Tag> tags = change.apply(profile.value().tags());
            profiles.update(
                    tx, profile.with(profile.value().toBuilder().tags(tags).build()));
            return response;
        });
    }

    /** A profile's ARN and tags, for decisions. */
    Optional<InstanceProfile> find(String account, String name) {
        return profiles.find(IdentityStore.scope(account), IdentityStore.key(name))
                .map(Stored::value);
    }

    private Stored<InstanceProfile> require(Transaction tx, Call call, String name) throws SQLException {
        return profiles.find(tx, IdentityStore.scope(call.scope().account()), IdentityStore.key(name))
                .orElseThrow(() -> noSuch(name));
    }

    private InstanceProfile shown(String account, Stored<InstanceProfile> profile) {
        List<Role> roles = Optional.ofNullable(profile.extra().get(ROLE))
                .flatMap(key -> store.role(account, key))
                .map(Roles::shown)
                .map(List::of)
                .orElse(List.of());
        return profile.value().toBuilder().roles(roles).build();
    }

    private static RuntimeException noSuch(String name) {
        return IamErrors.noSuch("Instance Profile %s cannot be found.".formatted(name));
    }
}
