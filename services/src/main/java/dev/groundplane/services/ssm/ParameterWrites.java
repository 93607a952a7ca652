package dev.groundplane.services.ssm;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.DeleteParameterResponse;
import software.amazon.awssdk.services.ssm.model.DeleteParametersResponse;
import software.amazon.awssdk.services.ssm.model.HierarchyTypeMismatchException;
import software.amazon.awssdk.services.ssm.model.InvalidKeyIdException;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterHistory;
import software.amazon.awssdk.services.ssm.model.ParameterMaxVersionLimitExceededException;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.PutParameterRequest;
import software.amazon.awssdk.services.ssm.model.PutParameterResponse;
import software.amazon.awssdk.services.ssm.model.UnsupportedParameterTypeException;

/** Parameters come, change and go. */
final class ParameterWrites {
    static final int MAX_NAMES = 10;

    private static final int MAX_VERSIONS = 100;
    private static final String DEFAULT_KEY = "alias/aws/ssm";
    private static final String TEXT = "text";

    private final ParameterStore store;
    private final InstantSource clock;

    ParameterWrites(ParameterStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Makes a parameter or, with Overwrite, its next version, which keeps what the request does not set. */
    PutParameterResponse put(Call call, PutParameterRequest request) {
        ParameterErrors.supported(
                request,
                "Name",
                "Description",
                "Value",
                "Type",
                "KeyId",
                "Overwrite",
                "AllowedPattern",
                "Tags.*",
                "Tier",
                "DataType");
        String given = ParameterName.checked(request.name());
        boolean overwrite = Boolean.TRUE.equals(request.overwrite());
        check(call.scope(), request, overwrite);
        // Outside of the transaction, which must be short: a user's regular expression may take long.
        Optional<ParameterMetadata> seen = store.find(call.scope(), given).map(Stored::value);
        String pattern = request.allowedPattern() != null
                ? request.allowedPattern()
                : seen.map(ParameterMetadata::allowedPattern).orElse(null);
        ParameterValue.matches(pattern, request.value());
        return call.commit(tx -> {
            Optional<Stored<ParameterMetadata>> known = store.find(tx, call.scope(), given);
            String name = known.map(Stored::name).orElse(given);
            if (known.isPresent() && !overwrite) {
                throw ParameterAlreadyExistsException.builder()
                        .message(
                                "The parameter already exists. To overwrite this value, set the overwrite option in the"
                                        + " request to true.")
                        .build();
            }
            ParameterMetadata next = next(call, name, known.map(Stored::value).orElse(null), request).toBuilder()
                    .allowedPattern(pattern)
                    .build();
            if (known.isPresent()) {
                makeRoom(tx, call.scope(), name);
                store.parameters().update(tx, known.get().with(next));
            } else {
                store.parameters().insert(tx, call.scope(), name, next, ParameterTags.extra(request.tags()));
            }
            store.add(tx, call.scope(), version(next), request.value());
            return PutParameterResponse.builder()
                    .version(next.version())
                    .tier(next.tier())
                    .build();
        });
    }

    private static void check(Scope scope, PutParameterRequest request, boolean overwrite) {
        if (request.value() == null || request.value().isEmpty()) {
            throw ParameterErrors.invalid(
                    "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member"
                            + " must have length greater than or equal to 1.");
        }
        if (overwrite && !request.tags().isEmpty()) {
            throw ParameterErrors.invalid(
                    "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please"
                            + " remove overwrite flag. To update tags for an existing parameter, please use"
                            + " AddTagsToResource or RemoveTagsFromResource.");
        }
        if (request.type() == ParameterType.UNKNOWN_TO_SDK_VERSION) {
            throw UnsupportedParameterTypeException.builder()
                    .message("The parameter type isn't supported: " + request.typeAsString())
                    .build();
        }
        if (request.dataType() != null && !request.dataType().equals(TEXT)) {
            throw ParameterErrors.invalid(
                    "The following data type is not supported: %s (Data type names are all lowercase.)",
                    request.dataType());
        }
        String key = request.keyId();
        if (key != null && !key.equals(DEFAULT_KEY) && !key.equals(scope.arn("kms", DEFAULT_KEY))) {
            throw InvalidKeyIdException.builder()
                    .message("KeyId %s is not implemented by Groundplane; leave it out, or use %s."
                            .formatted(key, DEFAULT_KEY))
                    .build();
        }
        if (request.description() != null && request.description().length() > 1024) {
            throw ParameterErrors.invalid(
                    "1 validation error detected: Value at 'description' failed to satisfy constraint:"
                            + " Member must have length less than or equal to 1024");
        }
        ParameterTags.check(request.tags());
    }

    private ParameterMetadata next(
            Call call, String name, @Nullable ParameterMetadata before, PutParameterRequest request) {
        ParameterType type = type(before, request);
        boolean secure = type == ParameterType.SECURE_STRING;
        if (!secure && request.keyId() != null) {
            throw ParameterErrors.invalid("KeyId is required for SecureString type parameter only.");
        }
        return ParameterMetadata.builder()
                .name(name)
                .arn(ParameterName.arn(call.scope(), name))
                .type(type)
                .keyId(secure ? DEFAULT_KEY : null)
                .description(
                        request.description() == null && before != null ? before.description() : request.description())
                .version(before == null ? 1 : before.version() + 1)
                .tier(ParameterValue.tier(
                        request.tierAsString(), before == null ? null : before.tier(), request.value()))
                .dataType(TEXT)
                .lastModifiedDate(clock.instant())
                .lastModifiedUser(call.caller().arn())
                .build();
    }

    private static ParameterType type(@Nullable ParameterMetadata before, PutParameterRequest request) {
        if (before == null) {
            if (request.type() == null) {
                throw ParameterErrors.invalid("A parameter type is required when you create a parameter.");
            }
            return request.type();
        }
        if (request.type() != null && request.type() != before.type()) {
            throw HierarchyTypeMismatchException.builder()
                    .message("Parameter Store doesn't support changing a parameter's type from %s to %s. Delete the"
                                    .formatted(before.typeAsString(), request.typeAsString())
                            + " parameter or use another name.")
                    .build();
        }
        return before.type();
    }

    private static ParameterHistory version(ParameterMetadata parameter) {
        return ParameterHistory.builder()
                .name(parameter.name())
                .type(parameter.type())
                .keyId(parameter.keyId())
                .lastModifiedDate(parameter.lastModifiedDate())
                .lastModifiedUser(parameter.lastModifiedUser())
                .description(parameter.description())
                .allowedPattern(parameter.allowedPattern())
                .version(parameter.version())
                .tier(parameter.tier())
                .dataType(parameter.dataType())
                .build();
    }

    private void makeRoom(Transaction tx, Scope scope, String name) throws SQLException {
        List<Stored<ParameterHistory>> versions = store.versions(tx, scope, name);
        if (versions.size() < MAX_VERSIONS) {
            return;
        }
        Stored<ParameterHistory> oldest = versions.getFirst();
        if (!oldest.value().labels().isEmpty()) {
            throw ParameterMaxVersionLimitExceededException.builder()
                    .message(("You attempted to create a new version of %s by calling the PutParameter API with the"
                                    + " overwrite flag. Version %d, the oldest version, can't be deleted because it has a"
                                    + " label associated with it. Move the label to another version of the parameter, and"
                                    + " try again.")
                            .formatted(name, oldest.value().version()))
                    .build();
        }
        store.versions().delete(tx, oldest);
    }

    DeleteParameterResponse delete(Call call, @Nullable String nameOrArn) {
        String name = ParameterName.selection(call.scope(), nameOrArn).name();
        return call.commit(tx -> {
            store.remove(tx, store.find(tx, call.scope(), name).orElseThrow(() -> ParameterErrors.notFound(name)));
            return DeleteParameterResponse.builder().build();
        });
    }

    /** Removes those that exist and names the others. */
    DeleteParametersResponse delete(Call call, List<String> names) {
        ParameterReads.checkCount(names);
        return call.commit(tx -> {
            List<String> deleted = new ArrayList<>();
            List<String> unknown = new ArrayList<>();
            for (String name : names) {
                Optional<Stored<ParameterMetadata>> found = store.find(tx, call.scope(), name);
                if (found.isPresent()) {
                    store.remove(tx, found.get());
                    deleted.add(name);
                } else if (!deleted.contains(name)) {
                    unknown.add(name);
                }
            }
            return DeleteParametersResponse.builder()
                    .deletedParameters(deleted)
                    .invalidParameters(unknown)
                    .build();
        });
    }
}
