package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AccessKeyLastUsed;
import software.amazon.awssdk.services.iam.model.AccessKeyMetadata;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.GetAccessKeyLastUsedRequest;
import software.amazon.awssdk.services.iam.model.GetAccessKeyLastUsedResponse;
import software.amazon.awssdk.services.iam.model.ListAccessKeysRequest;
import software.amazon.awssdk.services.iam.model.ListAccessKeysResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyResponse;

/** The access keys of users. A secret is shown once, when its key is made. */
final class UserKeys {
    private static final int MOST = 2;

    private final IdentityStore store;
    private final AccessKeys keys;
    private final LastUses uses;
    private final InstantSource clock;

    UserKeys(IdentityStore store, AccessKeys keys, LastUses uses, InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.uses = uses;
        this.clock = clock;
    }

    CreateAccessKeyResponse create(Call call, CreateAccessKeyRequest request) {
        String account = call.scope().account();
        String name = Users.nameOr(call, request.userName());
        return call.commit(tx -> {
            Entity user = store.require(tx, EntityKind.USER, account, name);
            if (keys.ofUser(tx, user.id()).size() >= MOST) {
                throw IamErrors.limitExceeded("AccessKeysPerUser", MOST);
            }
            StoredKey key = keys.create(tx, account, user, clock.instant().getEpochSecond());
            return CreateAccessKeyResponse.builder()
                    .accessKey(k -> k.userName(user.name())
                            .accessKeyId(key.accessKeyId())
                            .secretAccessKey(key.secretAccessKey())
                            .status(StatusType.ACTIVE)
                            .createDate(Instant.ofEpochSecond(key.created())))
                    .build();
        });
    }

    ListAccessKeysResponse list(Call call, ListAccessKeysRequest request) {
        String name = Users.nameOr(call, request.userName());
        Entity user = store.require(EntityKind.USER, call.scope().account(), name);
        Listing<StoredKey> page = Listing.of(keys.ofUser(user.id()), request.marker(), request.maxItems());
        List<AccessKeyMetadata> shown = page.items().stream()
                .map(key -> AccessKeyMetadata.builder()
                        .userName(user.name())
                        .accessKeyId(key.accessKeyId())
                        .status(key.active() ? StatusType.ACTIVE : StatusType.INACTIVE)
                        .createDate(Instant.ofEpochSecond(key.created()))
                        .build())
                .toList();
        return ListAccessKeysResponse.builder()
                .accessKeyMetadata(shown)
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    UpdateAccessKeyResponse update(Call call, UpdateAccessKeyRequest request) {
        String name = Users.nameOr(call, request.userName());
        StatusType status = request.status();
        if (status != StatusType.ACTIVE && status != StatusType.INACTIVE) {
            throw Members.failed(
                    "status",
                    String.valueOf(request.statusAsString()),
                    "Member must satisfy enum value set: [Active, Inactive]");
        }
        return call.commit(tx -> {
            Stored<StoredKey> key = require(tx, call.scope().account(), name, request.accessKeyId());
            keys.update(tx, key.with(key.value().withStatus(status.toString())));
            return UpdateAccessKeyResponse.builder().build();
        });
    }

    DeleteAccessKeyResponse delete(Call call, DeleteAccessKeyRequest request) {
        String name = Users.nameOr(call, request.userName());
        return call.commit(tx -> {
            keys.delete(tx, require(tx, call.scope().account(), name, request.accessKeyId()));
            return DeleteAccessKeyResponse.builder().build();
        });
    }

    private Stored<StoredKey> require(Transaction tx, String account, String userName, @Nullable String keyId)
            throws SQLException {
        Entity user = store.require(tx, EntityKind.USER, account, userName);
        String id = Members.required("accessKeyId", keyId);
        return keys.find(tx, id)
                .filter(key -> user.id().equals(key.value().userId()))
                .orElseThrow(() -> noSuchKey(id));
    }

    private static NoSuchEntityException noSuchKey(String id) {
        return IamErrors.noSuch("The Access Key with id %s cannot be found.".formatted(id));
    }

    GetAccessKeyLastUsedResponse lastUsed(Call call, GetAccessKeyLastUsedRequest request) {
        String id = Members.required("accessKeyId", request.accessKeyId());
        StoredKey key = keys.stored(id)
                .filter(found -> found.account().equals(call.scope().account()))
                .orElseThrow(() -> noSuchKey(id));
        AccessKeyLastUsed used = uses.ofKey(call.scope().account(), id)
                .map(use -> AccessKeyLastUsed.builder()
                        .lastUsedDate(use.time())
                        .serviceName(use.service())
                        .region(use.region())
                        .build())
                .orElse(AccessKeyLastUsed.builder()
                        .serviceName("N/A")
                        .region("N/A")
                        .build());
        return GetAccessKeyLastUsedResponse.builder()
                .userName(key.userName())
                .accessKeyLastUsed(used)
                .build();
    }
}
