package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.CreateUserRequest;
import software.amazon.awssdk.services.iam.model.CreateUserResponse;
import software.amazon.awssdk.services.iam.model.DeleteUserRequest;
import software.amazon.awssdk.services.iam.model.DeleteUserResponse;
import software.amazon.awssdk.services.iam.model.GetUserRequest;
import software.amazon.awssdk.services.iam.model.GetUserResponse;
import software.amazon.awssdk.services.iam.model.ListUsersRequest;
import software.amazon.awssdk.services.iam.model.ListUsersResponse;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.UpdateUserRequest;
import software.amazon.awssdk.services.iam.model.UpdateUserResponse;
import software.amazon.awssdk.services.iam.model.User;

/** Users. They have no passwords: there is no console. */
final class Users {
    private static final int MOST = 5_000;
    private static final Pattern MANAGED_INSTANCE = Pattern.compile("mi-[0-9a-f]{17}");

    private final IdentityStore store;
    private final AccessKeys keys;
    private final Boundaries boundaries;
    private final InstantSource clock;

    Users(IdentityStore store, AccessKeys keys, Boundaries boundaries, InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.boundaries = boundaries;
        this.clock = clock;
    }

    CreateUserResponse create(Call call, CreateUserRequest request) {
        String account = call.scope().account();
        String name = newName(request.userName());
        String path = Members.path(request.path());
        User user = User.builder()
                .path(path)
                .userName(name)
                .userId(UniqueIds.next(EntityKind.USER.idPrefix()))
                .arn(arn(account, path, name))
                .createDate(clock.instant().truncatedTo(ChronoUnit.SECONDS))
                .permissionsBoundary(boundaries.of(account, request.permissionsBoundary()))
                .tags(TagList.valid(request.tags()))
                .build();
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(account);
            requireFree(tx, account, name);
            if (store.users().list(tx, scope, "", "", MOST).items().size() >= MOST) {
                throw IamErrors.limitExceeded("UsersPerAccount", MOST);
            }
            store.users().insert(tx, scope, IdentityStore.key(name), user, Map.of());
            return CreateUserResponse.builder().user(user).build();
        });
    }

    /** Hosts are known by the names of their sessions: nobody else has such a name. */
    private static String newName(@Nullable String userName) {
        String name = Members.userName(userName);
        if (MANAGED_INSTANCE.matcher(name).matches()) {
            throw IamErrors.validation(
                    "The user name %s has the form of a managed instance's id, by which hosts are known", name);
        }
        return name;
    }

    private static String arn(String account, String path, String name) {
        return "arn:aws:iam::" + account + ":user" + path + name;
    }

    private void requireFree(Transaction tx, String account, String name) throws SQLException {
        if (store.users()
                .find(tx, IdentityStore.scope(account), IdentityStore.key(name))
                .isPresent()) {
            throw IamErrors.exists("User with name " + name);
        }
    }

    GetUserResponse get(Call call, GetUserRequest request) {
        String account = call.scope().account();
        if (request.userName() == null && call.caller().isRoot()) {
            return GetUserResponse.builder()
                    .user(u -> u.userId(account).arn(call.caller().arn()).path("/"))
                    .build();
        }
        String name = nameOr(call, request.userName());
        User user = store.users()
                .find(IdentityStore.scope(account), IdentityStore.key(name))
                .map(Stored::value)
                .orElseThrow(() -> IamErrors.noSuch(EntityKind.USER, name));
        return GetUserResponse.builder().user(user).build();
    }

    /** Where a user name may be left out, the caller is meant. */
    static String nameOr(Call call, @Nullable String userName) {
        if (userName == null && call.caller().isUser()) {
            return call.caller().userName();
        }
        if (userName == null) {
            throw IamErrors.validation("Must specify userName when calling with non-User credentials");
        }
        return Members.userName(userName);
    }

    ListUsersResponse list(Call call, ListUsersRequest request) {
        String prefix = Objects.requireNonNullElse(request.pathPrefix(), "/");
        Listing<User> page = Listing.of(
                store.users(),
                IdentityStore.scope(call.scope().account()),
                "",
                request.marker(),
                request.maxItems(),
                user -> user.path().startsWith(prefix));
        return ListUsersResponse.builder()
                .users(page.items().stream().map(Users::listed).toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    /** As listings carry it: AWS leaves boundary and tags to GetUser. */
    static User listed(User user) {
        return user.toBuilder()
                .permissionsBoundary((AttachedPermissionsBoundary) null)
                .tags((List<Tag>) null)
                .build();
    }

    /** A new name or path holds at once, for keys and policies too: they are kept by the user's id. */
    UpdateUserResponse update(Call call, UpdateUserRequest request) {
        String account = call.scope().account();
        String name = Members.userName(request.userName());
        String newName = request.newUserName() == null ? name : newName(request.newUserName());
        return call.commit(tx -> {
            Stored<User> user = store.requireUser(tx, account, name);
            String path = request.newPath() == null ? user.value().path() : Members.path(request.newPath());
            if (!IdentityStore.key(newName).equals(user.name())) {
                requireFree(tx, account, newName);
            }
            String shown = request.newUserName() == null ? user.value().userName() : newName;
            User changed = user.value().toBuilder()
                    .userName(shown)
                    .path(path)
                    .arn(arn(account, path, shown))
                    .build();
            store.users().delete(tx, user);
            store.users().insert(tx, user.scope(), IdentityStore.key(newName), changed, Map.of());
            for (Stored<StoredKey> key : keys.ofUser(tx, changed.userId())) {
                keys.update(tx, key.with(key.value().of(changed.userName())));
            }
            return UpdateUserResponse.builder().build();
        });
    }

    DeleteUserResponse delete(Call call, DeleteUserRequest request) {
        String account = call.scope().account();
        String name = Members.userName(request.userName());
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(account);
            Stored<User> user = store.requireUser(tx, account, name);
            Entity entity = Entity.of(user.value());
            if (!keys.ofUser(tx, entity.id()).isEmpty()) {
                throw IamErrors.conflict("delete access keys");
            }
            requireNoPolicies(store, tx, scope, entity);
            if (!store.memberships()
                    .listByIndex(tx, scope, IdentityStore.BY_USER, entity.id(), "", 1)
                    .items()
                    .isEmpty()) {
                throw IamErrors.conflict("remove users from group");
            }
            store.users().delete(tx, user);
            return DeleteUserResponse.builder().build();
        });
    }

    /** What goes must have nothing attached. */
    static void requireNoPolicies(IdentityStore store, Transaction tx, Scope scope, Entity entity) throws SQLException {
        if (!store.attachments()
                .list(tx, scope, IdentityStore.attachmentPrefix(entity), "", Resources.ALL)
                .items()
                .isEmpty()) {
            throw IamErrors.conflict("detach all policies");
        }
        if (!store.inline(entity.kind())
                .list(tx, scope, entity.key() + "/", "", 1)
                .items()
                .isEmpty()) {
            throw IamErrors.conflict("delete policies");
        }
    }
}
