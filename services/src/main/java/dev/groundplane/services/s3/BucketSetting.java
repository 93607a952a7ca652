package dev.groundplane.services.s3;

/** What a bucket can be told besides its row. Names are stored. */
enum BucketSetting {
    CORS,
    ENCRYPTION,
    LIFECYCLE,
    OBJECT_LOCK,
    POLICY,
    PUBLIC_ACCESS_BLOCK,
    TAGGING
}
