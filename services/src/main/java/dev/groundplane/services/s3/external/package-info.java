/**
 * Amazon S3 whose objects are kept by another S3: AWS, Ceph, MinIO. {@link dev.groundplane.services.s3.external.ExternalS3} is the way
 * in.
 *
 * <p>Whose a bucket is, its policy and what browsers may do stay in the platform's database, by way of {@link
 * dev.groundplane.services.s3.BucketRegister}; everything about objects is asked of the other S3 by the SDK's own client.
 *
 * <p>Not here: who may call, and the forms of requests.
 */
@NullMarked
package dev.groundplane.services.s3.external;

import org.jspecify.annotations.NullMarked;
