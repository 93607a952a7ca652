package dev.groundplane.server;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.http.ServiceCalls;
import java.util.function.Function;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** S3 as a service calls it, on its own behalf: what CloudTrail needs to deliver. */
final class ServiceS3 implements S3Client {
    private final ServiceCalls calls;
    private final Function<Call, S3Client> s3;
    private final String principal;
    private final Scope scope;

    /**
     * @param s3 S3 on behalf of one call
     * @param principal for example {@code cloudtrail.amazonaws.com}
     */
    ServiceS3(ServiceCalls calls, Function<Call, S3Client> s3, String principal, Scope scope) {
        this.calls = calls;
        this.s3 = s3;
        this.principal = principal;
        this.scope = scope;
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        return calls.make(
                principal,
                scope,
                "s3:HeadBucket",
                request,
                call -> s3.apply(call).headBucket(request));
    }

    @Override
    public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest request) {
        return calls.make(
                principal,
                scope,
                "s3:GetBucketPolicy",
                request,
                call -> s3.apply(call).getBucketPolicy(request));
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        return calls.make(
                principal,
                scope,
                "s3:PutObject",
                request,
                call -> s3.apply(call).putObject(request, body));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
