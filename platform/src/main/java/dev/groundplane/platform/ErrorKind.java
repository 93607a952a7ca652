package dev.groundplane.platform;

/** Whose turn it is when something failed. */
public enum ErrorKind {
    /** The request or the configuration is wrong; repeating it unchanged will fail again. */
    USER_ERROR,
    /** A value of the request cannot be kept by this installation; another one can. */
    UNSUITABLE_VALUE,
    /** A defect of Groundplane. */
    INTERNAL_ERROR,
    /** Not enough disk, memory, hosts or connections; it may work later. */
    INSUFFICIENT_RESOURCES,
    /** Something outside of Groundplane failed. */
    EXTERNAL
}
