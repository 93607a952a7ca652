package dev.groundplane.warehouse.load;

/** Something is wrong with what is in files: loading the same again would fail in the same way. Nothing of them was loaded. */
public final class BadFiles extends Exception {
    private static final long serialVersionUID = 1L;

    private final String key;

    BadFiles(String message, String key, Throwable cause) {
        super(message, cause);
        this.key = key;
    }

    /** The key of one that is bad; empty when it is only known that one of them is. */
    public String key() {
        return key;
    }
}
