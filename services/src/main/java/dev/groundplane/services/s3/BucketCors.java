package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.s3.model.DeleteBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.GetBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.PutBucketCorsResponse;

/** Tells a bucket which scripts of other origins may use it, for one call; {@link CrossOrigin} tells browsers. */
final class BucketCors {
    private final BucketSettings settings;

    BucketCors(Call call, S3Store store) {
        settings = new BucketSettings(call, store);
    }

    PutBucketCorsResponse put(PutBucketCorsRequest request) {
        Members.supported(request, "CORSConfiguration.*");
        CorsRules.check(request.corsConfiguration());
        return settings.put(
                request.bucket(),
                request.expectedBucketOwner(),
                BucketSetting.CORS,
                CorsRules.FORM.encode(request.corsConfiguration()),
                PutBucketCorsResponse.builder().build());
    }

    GetBucketCorsResponse get(GetBucketCorsRequest request) {
        String document = settings.require(
                request.bucket(),
                request.expectedBucketOwner(),
                BucketSetting.CORS,
                () -> S3Errors.ofBucket(
                        "NoSuchCORSConfiguration", 404, "The CORS configuration does not exist", request.bucket()));
        return GetBucketCorsResponse.builder()
                .corsRules(CorsRules.FORM.decode(document).corsRules())
                .build();
    }

    DeleteBucketCorsResponse delete(DeleteBucketCorsRequest request) {
        return settings.delete(
                request.bucket(),
                request.expectedBucketOwner(),
                BucketSetting.CORS,
                DeleteBucketCorsResponse.builder().build());
    }
}
