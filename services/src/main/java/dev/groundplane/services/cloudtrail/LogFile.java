package dev.groundplane.services.cloudtrail;

/**
 * A log file that was delivered.
 *
 * @param bucket where
 * @param key where in it
 * @param hash SHA-256 of its uncompressed content, hexadecimal
 * @param oldest time of its first event, ISO 8601 with whole seconds
 * @param newest time of its last event
 */
record LogFile(String bucket, String key, String hash, String oldest, String newest) {}
