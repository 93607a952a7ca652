package dev.groundplane.services.s3.external;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Takes headers out that mean nothing to the other S3: accounts are this installation's, and have been looked at by now. Nor is a server
 * asked whether it wants content, since not every one answers that.
 */
final class OutgoingHeaders implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        return context.httpRequest()
                .copy(request -> request.removeHeader("x-amz-expected-bucket-owner")
                        .removeHeader("x-amz-source-expected-bucket-owner")
                        .removeHeader("Expect"));
    }
}
