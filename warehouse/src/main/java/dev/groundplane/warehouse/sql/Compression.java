package dev.groundplane.warehouse.sql;

/** How files of S3 are compressed. */
public enum Compression {
    NONE(""),
    GZIP(".gz"),
    BZIP2(".bz2"),
    ZSTD(".zst");

    private final String extension;

    Compression(String extension) {
        this.extension = extension;
    }

    /** The end of a file's name, with its dot. */
    public String extension() {
        return extension;
    }
}
