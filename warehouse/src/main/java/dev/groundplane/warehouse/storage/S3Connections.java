package dev.groundplane.warehouse.storage;

import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.services.s3.S3Client;

/** How S3 is reached. Thread-safe. */
public interface S3Connections {
    /**
     * S3 on behalf of whom the credentials belong to. The caller closes it.
     *
     * @param region empty for the warehouse's
     */
    S3Client s3(AwsCredentials credentials, Optional<String> region);

    /**
     * Credentials of a role that those of another one assume.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException when they may not
     */
    AwsCredentials assume(AwsCredentials by, String role);
}
