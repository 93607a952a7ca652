package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.audit.EventIds;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.services.StoredCall;
import dev.groundplane.testing.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;

/** CloudTrail on a real database and buckets in memory, with a clock that tests set. It delivers only when a test says so. */
final class CloudTrailFixture implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final Scope HOME = new Scope(ACCOUNT, "us-east-1");
    static final Scope ELSEWHERE = new Scope(ACCOUNT, "eu-west-1");
    static final Instant START = Instant.parse("2026-01-15T12:00:00Z");
    static final String BUCKET = "trail-bucket";
    static final String ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/audit";

    final Database database;
    final AuditTrail trail;
    final FakeBuckets buckets = new FakeBuckets();
    private final CloudTrail service;
    volatile Instant now = START;

    CloudTrailFixture(Path directory) {
        database = TestStore.open(
                directory.resolve("db"),
                Stream.of(Resources.MIGRATIONS, AuditTrail.MIGRATIONS)
                        .flatMap(List::stream)
                        .toList(),
                new Events());
        trail = new AuditTrail(database);
        service = new CloudTrail(
                database,
                new Events(),
                trail,
                scope -> buckets,
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("no-database")),
                () -> now,
                new CloudTrail.Intervals(Duration.ofMinutes(1), Duration.ofHours(1)));
        buckets.policies.put(BUCKET, policy(BUCKET, ""));
    }

    /** The policy that AWS's documentation has. */
    static String policy(String bucket, String prefix) {
        return """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:GetBucketAcl",
                   "Resource": "arn:aws:s3:::%1$s", "Condition": {"StringEquals": {"aws:SourceArn": "%3$s"}}},
                  {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject",
                   "Resource": "arn:aws:s3:::%1$s/%2$sAWSLogs/123456789012/*",
                   "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control",
                     "aws:SourceArn": "%3$s"}}}]}""".formatted(bucket, prefix, ARN);
    }

    CloudTrailClient client() {
        return client(HOME);
    }

    CloudTrailClient client(Scope scope) {
        return service.client(new StoredCall(database, Caller.root(scope.account(), ""), scope));
    }

    /** A trail named audit that logs. */
    void createLogging(boolean validates) {
        client().createTrail(b -> b.name("audit").s3BucketName(BUCKET).enableLogFileValidation(validates));
        client().startLogging(b -> b.name("audit"));
    }

    /** What the ticker does for the trail. */
    void deliver() {
        service.delivery().deliver(new TrailKey(HOME, "audit"));
    }

    long needed() {
        return service.needed();
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Appends a management event that writes. */
    AuditRecord record(String name) {
        return record(HOME, "ecs.amazonaws.com", name, "alice", false, true, "{}");
    }

    AuditRecord record(
            Scope scope, String source, String name, String user, boolean read, boolean management, String parameters) {
        String id = EventIds.at(now);
        String body =
                "{\"eventID\":\"%s\",\"eventName\":\"%s\",\"requestParameters\":%s}".formatted(id, name, parameters);
        AuditRecord record = new AuditRecord(
                id, now, scope.account(), scope.region(), source, name, user, "", read, management, List.of(), body);
        database.write(tx -> {
            trail.append(tx, record);
            return true;
        });
        return record;
    }

    @Override
    public void close() {
        service.close();
        database.close();
    }
}
