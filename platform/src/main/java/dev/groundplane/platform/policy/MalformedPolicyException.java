package dev.groundplane.platform.policy;

/** A policy document that is not well-formed, or asks for something that is not implemented; the message names it. */
public final class MalformedPolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedPolicyException(String message) {
        super(message);
    }
}
