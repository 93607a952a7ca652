package dev.groundplane.warehouse.load;

import dev.groundplane.warehouse.storage.S3Location;

/** @param bytes as it is in S3; empty files are passed over */
record SourceFile(S3Location location, long bytes) {}
