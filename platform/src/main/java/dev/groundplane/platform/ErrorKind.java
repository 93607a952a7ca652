package dev.groundplane.platform;

/** Whose turn it is when something failed. */
public enum ErrorKind {
    /** The request or the configuration is wrong; repeating it unchanged will fail again. */
    USER_ERROR,
    /** A defect of Groundplane. */
    INTERNAL_ERROR,
    /** Not enough disk, memory, hosts or connections; it may work later. */
    INSUFFICIENT_RESOURCES,
    /** Something outside of Groundplane failed. */
    EXTERNAL
}
