package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.codeartifact.CodeartifactClient;
import software.amazon.awssdk.services.s3.S3Client;

class RestRoutesTest {
    private static final RestRoutes CODEARTIFACT = new RestRoutes(ServiceModel.of(CodeartifactClient.class));

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/domain, domain=d, CreateDomain",
        "GET, /v1/domain, domain=d, DescribeDomain",
        "DELETE, /v1/domain, domain=d, DeleteDomain",
        "PUT, /v1/domain/permissions/policy, '', PutDomainPermissionsPolicy",
        "GET, /v1/domain/permissions/policy, domain=d, GetDomainPermissionsPolicy",
        "POST, /v1/domain/repositories, domain=d, ListRepositoriesInDomain",
        "GET, /v1/package/version/asset, asset=a&revision=r, GetPackageVersionAsset",
        "POST, /v1/package/versions/update_status, '', UpdatePackageVersionsStatus"
    })
    void methodAndPathNameTheOperation(String method, String path, String query, String operation) {
        assertThat(match(CODEARTIFACT, method, path, query)
                        .orElseThrow()
                        .operation()
                        .name())
                .isEqualTo(operation);
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH, /v1/domain",
        "post, /v1/domain",
        "GET, /v1",
        "GET, /v1/domain/",
        "GET, //v1/domain",
        "GET, /V1/domain",
        "GET, /v1/domain/permissions/policy/more",
        "GET, /"
    })
    void whatNoTemplateHasIsNoOperation(String method, String path) {
        assertThat(match(CODEARTIFACT, method, path, "")).isEmpty();
    }

    @Test
    void aRequestsOwnParametersDoNotMatter() {
        assertThat(match(CODEARTIFACT, "GET", "/v1/domain", "a&b=&=&c=%zz")
                        .orElseThrow()
                        .operation()
                        .name())
                .isEqualTo("DescribeDomain");
    }

    /** S3's templates lack the bucket, which the SDK's endpoint rules put into the path or the host. */
    @ParameterizedTest
    @CsvSource({
        "GET, /, '', ListBuckets, '', ''",
        "GET, /b, list-type=2, ListObjectsV2, b, ''",
        "GET, /b, prefix=x, ListObjects, b, ''",
        "GET, /b/, list-type=2, ListObjectsV2, b, ''",
        "PUT, /b, '', CreateBucket, b, ''",
        "HEAD, /b, '', HeadBucket, b, ''",
        "GET, /b, versioning, GetBucketVersioning, b, ''",
        "GET, /b, versioning=, GetBucketVersioning, b, ''",
        "GET, /b/k, '', GetObject, b, k",
        "GET, /b/k/l%2Fm//n, '', GetObject, b, k/l/m//n",
        "GET, /b/a+b%20c, '', GetObject, b, a+b c",
        "GET, /b/k, tagging, GetObjectTagging, b, k",
        "POST, /b/k, uploads, CreateMultipartUpload, b, k",
        "POST, /b/k, uploadId=u, CompleteMultipartUpload, b, k",
        "POST, /b, delete, DeleteObjects, b, ''"
    })
    void s3IsRoutedByPathStyle(String method, String path, String query, String operation, String bucket, String key) {
        RestRoutes s3 = new RestRoutes(ServiceModel.of(S3Client.class));
        RestRoutes.Match match = match(s3, method, path, query).orElseThrow();

        assertThat(match.operation().name()).isEqualTo(operation);
        assertThat(match.labels().getOrDefault("Bucket", "")).isEqualTo(bucket);
        assertThat(match.labels().getOrDefault("Key", "")).isEqualTo(key);
    }

    @Test
    void labelsAreDecodedOnceAndPlusIsAPlus() {
        assertThat(RestRoutes.decode("a+b%20c%2520%C3%A9")).isEqualTo("a+b c%20é");
        assertThatThrownBy(() -> RestRoutes.decode("a%zz"))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("'a%zz'");
    }

    private static Optional<RestRoutes.Match> match(RestRoutes routes, String method, String path, String query) {
        return routes.match(new WireRequest(method, path, query, Map.of(), new byte[0]));
    }
}
