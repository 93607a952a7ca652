package dev.groundplane.services.warehouse;

/**
 * A file of a backup.
 *
 * @param name in its directory
 * @param sha256 of its content, in hexadecimal digits
 */
public record BackupFile(String name, long sizeBytes, String sha256) {}
