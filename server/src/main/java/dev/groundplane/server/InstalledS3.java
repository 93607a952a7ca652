package dev.groundplane.server;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.http.BucketHosts;
import dev.groundplane.server.http.ServiceCalls;
import dev.groundplane.server.http.ServiceEndpoint;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.s3.CrossOrigin;
import dev.groundplane.services.s3.S3;
import dev.groundplane.services.s3.S3Service;
import dev.groundplane.services.s3.external.ExternalS3;
import dev.groundplane.services.s3.external.ExternalS3Service;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The S3 that callers have, wherever its objects are. Thread-safe.
 *
 * @param here knows buckets, and keeps the objects if nobody else does
 * @param outside has the other S3 that keeps the objects; empty when there is none
 */
record InstalledS3(S3 here, Optional<ExternalS3> outside) implements AutoCloseable {
    private static final String VERSION = "2006-03-01";

    /** Amazon S3 on behalf of one call. */
    S3Client client(Call call) {
        return outside.map(other -> other.client(call)).orElseGet(() -> here.client(call));
    }

    /** What its operations ask to do. */
    AccessModel access() {
        return outside.map(ExternalS3::access).orElseGet(here::access);
    }

    /** Where it is called. */
    ServiceEndpoint endpoint(BucketHosts hosts) {
        Class<? extends S3Client> service = outside.isPresent() ? ExternalS3Service.class : S3Service.class;
        return new ServiceEndpoint(S3Client.class, service, "s3", VERSION, access(), this::client)
                .locatedBy(hosts::inPath);
    }

    /** What browsers may know of buckets. */
    CrossOrigin crossOrigin() {
        return here.crossOrigin();
    }

    /** Whether an account has a bucket of a name in a region. */
    boolean isBucket(Scope scope, String name) {
        return here.isBucket(scope, name);
    }

    /** @param calls records what a process left in the middle */
    void start(ServiceCalls calls) {
        here.start();
        outside.ifPresent(other -> other.start(ExternalObjects.recordedBy(calls)));
    }

    /** Why the S3 that keeps the objects could not be used the last time; empty when it could. */
    Optional<String> problem() {
        return outside.flatMap(ExternalS3::problem);
    }

    @Override
    public void close() {
        outside.ifPresent(ExternalS3::close);
        here.close();
    }
}
