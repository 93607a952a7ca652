package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.AddUserToGroupRequest;
import software.amazon.awssdk.services.iam.model.AddUserToGroupResponse;
import software.amazon.awssdk.services.iam.model.CreateGroupRequest;
import software.amazon.awssdk.services.iam.model.CreateGroupResponse;
import software.amazon.awssdk.services.iam.model.DeleteGroupRequest;
import software.amazon.awssdk.services.iam.model.DeleteGroupResponse;
import software.amazon.awssdk.services.iam.model.GetGroupRequest;
import software.amazon.awssdk.services.iam.model.GetGroupResponse;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.ListGroupsForUserRequest;
import software.amazon.awssdk.services.iam.model.ListGroupsForUserResponse;
import software.amazon.awssdk.services.iam.model.ListGroupsRequest;
import software.amazon.awssdk.services.iam.model.ListGroupsResponse;
import software.amazon.awssdk.services.iam.model.RemoveUserFromGroupRequest;
import software.amazon.awssdk.services.iam.model.RemoveUserFromGroupResponse;
import software.amazon.awssdk.services.iam.model.UpdateGroupRequest;
import software.amazon.awssdk.services.iam.model.UpdateGroupResponse;
import software.amazon.awssdk.services.iam.model.User;

/** Groups of users, whose policies hold for their members. */
final class Groups {
    private static final int MOST = 300;
    private static final int MOST_PER_USER = 10;

    private final IdentityStore store;
    private final InstantSource clock;

    Groups(IdentityStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    CreateGroupResponse create(Call call, CreateGroupRequest request) {
        String account = call.scope().account();
        String name = Members.groupName(request.groupName());
        String path = Members.path(request.path());
        Group group = Group.builder()
                .path(path)
                .groupName(name)
                .groupId(UniqueIds.next(EntityKind.GROUP.idPrefix()))
                .arn(arn(account, path, name))
                .createDate(clock.instant().truncatedTo(ChronoUnit.SECONDS))
                .build();
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(account);
            requireFree(tx, account, name);
            if (store.groups().list(tx, scope, "", "", MOST).items().size() >= MOST) {
                throw IamErrors.limitExceeded("GroupsPerAccount", MOST);
            }
            store.groups().insert(tx, scope, IdentityStore.key(name), group, Map.of());
            return CreateGroupResponse.builder().group(group).build();
        });
    }

    private static String arn(String account, String path, String name) {
        return "arn:aws:iam::" + account + ":group" + path + name;
    }

    private void requireFree(Transaction tx, String account, String name) throws SQLException {
        if (store.groups()
                .find(tx, IdentityStore.scope(account), IdentityStore.key(name))
                .isPresent()) {
            throw IamErrors.exists("Group with name " + name);
        }
    }

    GetGroupResponse get(Call call, GetGroupRequest request) {
        String name = Members.groupName(request.groupName());
        Scope scope = IdentityStore.scope(call.scope().account());
        Group group = store.groups()
                .find(scope, IdentityStore.key(name))
                .map(Stored::value)
                .orElseThrow(() -> IamErrors.noSuch(EntityKind.GROUP, name));
        Listing<String> members = Listing.of(
                store.memberships(), scope, group.groupId() + "/", request.marker(), request.maxItems(), id -> true);
        List<User> users = store.users().list(scope, "", "", Integer.MAX_VALUE).items().stream()
                .map(Stored::value)
                .filter(user -> members.items().contains(user.userId()))
                .toList();
        return GetGroupResponse.builder()
                .group(group)
                .users(users)
                .isTruncated(members.truncated())
                .marker(members.marker())
                .build();
    }

    ListGroupsResponse list(Call call, ListGroupsRequest request) {
        String prefix = Objects.requireNonNullElse(request.pathPrefix(), "/");
        Listing<Group> page = Listing.of(
                store.groups(),
                IdentityStore.scope(call.scope().account()),
                "",
                request.marker(),
                request.maxItems(),
                group -> group.path().startsWith(prefix));
        return ListGroupsResponse.builder()
                .groups(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    ListGroupsForUserResponse ofUser(Call call, ListGroupsForUserRequest request) {
        String account = call.scope().account();
        Entity user = store.require(EntityKind.USER, account, Members.userName(request.userName()));
        Listing<Group> page = Listing.of(store.groupsOf(account, user.id()), request.marker(), request.maxItems());
        return ListGroupsForUserResponse.builder()
                .groups(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    UpdateGroupResponse update(Call call, UpdateGroupRequest request) {
        String account = call.scope().account();
        String name = Members.groupName(request.groupName());
        String newName = request.newGroupName() == null ? name : Members.groupName(request.newGroupName());
        return call.commit(tx -> {
            Stored<Group> group = store.requireGroup(tx, account, name);
            String path = request.newPath() == null ? group.value().path() : Members.path(request.newPath());
            if (!IdentityStore.key(newName).equals(group.name())) {
                requireFree(tx, account, newName);
            }
            String shown = request.newGroupName() == null ? group.value().groupName() : newName;
            Group changed = group.value().toBuilder()
                    .groupName(shown)
                    .path(path)
                    .arn(arn(account, path, shown))
                    .build();
            store.groups().delete(tx, group);
            store.groups().insert(tx, group.scope(), IdentityStore.key(newName), changed, Map.of());
            return UpdateGroupResponse.builder().build();
        });
    }

    DeleteGroupResponse delete(Call call, DeleteGroupRequest request) {
        String account = call.scope().account();
        String name = Members.groupName(request.groupName());
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(account);
            Stored<Group> group = store.requireGroup(tx, account, name);
            Entity entity = Entity.of(group.value());
            if (!store.memberships()
                    .list(tx, scope, entity.id() + "/", "", 1)
                    .items()
                    .isEmpty()) {
                throw IamErrors.conflict("remove users from group");
            }
            Users.requireNoPolicies(store, tx, scope, entity);
            store.groups().delete(tx, group);
            return DeleteGroupResponse.builder().build();
        });
    }

    /** Idempotent. */
    AddUserToGroupResponse add(Call call, AddUserToGroupRequest request) {
        String account = call.scope().account();
        String groupName = Members.groupName(request.groupName());
        String userName = Members.userName(request.userName());
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(account);
            Entity group = store.require(tx, EntityKind.GROUP, account, groupName);
            Entity user = store.require(tx, EntityKind.USER, account, userName);
            String key = group.id() + "/" + user.id();
            if (store.memberships().find(tx, scope, key).isEmpty()) {
                int present = store.memberships()
                        .listByIndex(tx, scope, IdentityStore.BY_USER, user.id(), "", MOST_PER_USER)
                        .items()
                        .size();
                if (present >= MOST_PER_USER) {
                    throw IamErrors.limitExceeded("GroupsPerUser", MOST_PER_USER);
                }
                store.memberships().insert(tx, scope, key, user.id(), Map.of());
            }
            return AddUserToGroupResponse.builder().build();
        });
    }

    /** Idempotent. */
    RemoveUserFromGroupResponse remove(Call call, RemoveUserFromGroupRequest request) {
        String account = call.scope().account();
        String groupName = Members.groupName(request.groupName());
        String userName = Members.userName(request.userName());
        return call.commit(tx -> {
            Entity group = store.require(tx, EntityKind.GROUP, account, groupName);
            Entity user = store.require(tx, EntityKind.USER, account, userName);
            Optional<Stored<String>> membership =
                    store.memberships().find(tx, IdentityStore.scope(account), group.id() + "/" + user.id());
            if (membership.isPresent()) {
                store.memberships().delete(tx, membership.get());
            }
            return RemoveUserFromGroupResponse.builder().build();
        });
    }
}
