package dev.groundplane.services.s3;

import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;

/** The locks of new objects. Source: Amazon S3 User Guide, "Locking objects with Object Lock". */
final class ObjectLocks {
    static final WireForm<ObjectLockConfiguration> FORM =
            WireForm.of(ObjectLockConfiguration.class, ObjectLockConfiguration::builder);
    static final Set<String> MODES = Set.of("GOVERNANCE", "COMPLIANCE");
    private static final String MODE = "x-amz-object-lock-mode";
    private static final String UNTIL = "x-amz-object-lock-retain-until-date";
    private static final String HOLD = "x-amz-object-lock-legal-hold";

    private ObjectLocks() {}

    /**
     * The lock that a request's headers ask for, else the bucket's default.
     *
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidRequest}, {@code InvalidArgument}
     */
    static ObjectLock wanted(Transaction transaction, Bucket bucket, Map<String, String> headers, Instant now)
            throws SQLException {
        String mode = headers.get(MODE);
        String until = headers.get(UNTIL);
        String hold = headers.get(HOLD);
        if (mode == null && until == null && hold == null) {
            return bucket.locked() ? byDefault(transaction, bucket, now) : ObjectLock.NONE;
        }
        if (!bucket.locked()) {
            throw S3Errors.invalidRequest("Bucket is missing Object Lock Configuration");
        }
        if ((mode == null) != (until == null)) {
            throw S3Errors.invalidArgument(
                    "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
        }
        ObjectLock base = mode == null ? byDefault(transaction, bucket, now) : retention(mode, instant(until), now);
        return new ObjectLock(base.mode(), base.until(), hold(hold));
    }

    private static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw S3Errors.invalidArgument("The retain until date must be in ISO 8601 format, found %s", text);
        }
    }

    /** @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidArgument}, {@code MalformedXML} */
    static ObjectLock retention(@Nullable String mode, @Nullable Instant until, Instant now) {
        if (mode == null || !MODES.contains(mode)) {
            throw S3Errors.malformedXml("the mode must be GOVERNANCE or COMPLIANCE, found %s", String.valueOf(mode));
        }
        if (until == null || !until.isAfter(now)) {
            throw S3Errors.invalidArgument(
                    "The retain until date must be in the future! Found %s", String.valueOf(until));
        }
        return new ObjectLock(Optional.of(mode), Optional.of(until), false);
    }

    static boolean hold(@Nullable String status) {
        if (status != null && !status.equals("ON") && !status.equals("OFF")) {
            throw S3Errors.malformedXml("the legal hold's status must be ON or OFF, found %s", status);
        }
        return "ON".equals(status);
    }

    private static ObjectLock byDefault(Transaction transaction, Bucket bucket, Instant now) throws SQLException {
        Optional<DefaultRetention> retention = BucketTable.setting(
                        transaction.connection(), bucket, BucketSetting.OBJECT_LOCK)
                .map(FORM::decode)
                .map(ObjectLockConfiguration::rule)
                .map(rule -> rule.defaultRetention());
        return retention
                .map(r -> new ObjectLock(Optional.of(r.modeAsString()), Optional.of(end(r, now)), false))
                .orElse(ObjectLock.NONE);
    }

    private static Instant end(DefaultRetention retention, Instant now) {
        return retention.days() != null
                ? now.atOffset(ZoneOffset.UTC).plusDays(retention.days()).toInstant()
                : now.atOffset(ZoneOffset.UTC).plusYears(retention.years()).toInstant();
    }
}
