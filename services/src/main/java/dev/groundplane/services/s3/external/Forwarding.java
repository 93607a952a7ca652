package dev.groundplane.services.s3.external;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.s3.BucketRegister;
import dev.groundplane.services.s3.S3Failure;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.services.s3.model.S3Response;

/** How one call's requests come to the other S3, and what is written down here with it. */
record Forwarding(Call call, BucketRegister register, ExternalErrors errors, Intents intents) {
    private static final List<String> GRANTS =
            List.of("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP");
    private static final Set<String> OWNER_HAS_ALL = Set.of("private", "bucket-owner-full-control");

    /**
     * What is told of a change with its record.
     *
     * @param <R> the answer of the other S3
     */
    @FunctionalInterface
    interface Note<R> {
        /** @throws SQLException when it cannot be told */
        void write(Transaction transaction, R response) throws SQLException;

        /** Nothing is told. */
        static <R> Note<R> nothing() {
            return (transaction, response) -> {};
        }
    }

    /**
     * Asks something.
     *
     * @throws S3Exception also {@code NoSuchBucket} for a bucket that nobody has here
     */
    <Q extends S3Request, R> R ask(Q request, Function<Q, R> operation) {
        check(request);
        return errors.translated(() -> operation.apply(request));
    }

    /**
     * Changes something. The change is written down before, and its record after it.
     *
     * @throws S3Exception also {@code NoSuchBucket} for a bucket that nobody has here
     */
    <Q extends S3Request, R extends S3Response> R change(Q request, Function<Q, R> operation, Note<R> note) {
        check(request);
        long intent = begin(request);
        R response = made(intent, () -> operation.apply(request));
        return call.commit(transaction -> {
            intents.end(transaction, intent);
            note.write(transaction, response);
            return response;
        });
    }

    /** Writes down that a request will be made. */
    long begin(S3Request request) {
        String operation = request.getClass().getSimpleName().replaceFirst("Request$", "");
        return intents.begin(call, operation, bucket(request), Objects.requireNonNullElse(key(request), ""));
    }

    /** Makes a request that was written down. */
    <R> R made(long intent, Supplier<R> request) {
        boolean answered = false;
        try {
            R response = errors.translated(request);
            answered = true;
            return response;
        } finally {
            if (!answered) {
                intents.drop(intent); // the refusal is recorded, as every refusal is
            }
        }
    }

    private void check(S3Request request) {
        register.require(bucket(request), text(request, "ExpectedBucketOwner"));
        requireStraight(key(request));
        @Nullable String acl = text(request, "ACL");
        boolean grants = GRANTS.stream().anyMatch(name -> text(request, name) != null);
        if (grants || (acl != null && !OWNER_HAS_ALL.contains(acl))) {
            throw aclsOff();
        }
    }

    /** Everything is the bucket owner's, as in every new bucket of AWS. */
    static S3Exception aclsOff() {
        return failure("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
    }

    /**
     * Refuses a key that a proxy on the way could take for another one, of another bucket even.
     *
     * @throws S3Exception {@code InvalidArgument}
     */
    static void requireStraight(@Nullable String key) {
        if (key != null && Stream.of(key.split("/", -1)).anyMatch(part -> part.equals(".") || part.equals(".."))) {
            throw failure(
                    "InvalidArgument",
                    400,
                    "A key that has . or .. between slashes is not passed on to the S3 that this installation uses: "
                            + key);
        }
    }

    static S3Exception failure(String code, int status, String message) {
        return new S3Failure(code, status, message, Map.of(), Map.of());
    }

    static String bucket(S3Request request) {
        @Nullable String bucket = text(request, "Bucket");
        return String.valueOf(bucket == null ? text(request, "DestinationBucket") : bucket);
    }

    private static @Nullable String key(S3Request request) {
        @Nullable String key = text(request, "Key");
        return key == null ? text(request, "DestinationKey") : key;
    }

    private static @Nullable String text(S3Request request, String member) {
        return request.getValueForField(member, Object.class).orElse(null) instanceof String text ? text : null;
    }
}
