package dev.groundplane.agent.identity;

/** The control plane answered a call with an error. */
final class CallRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean fault;

    /**
     * @param code AWS's error code
     * @param fault whether it is the control plane's fault, so that the same call may succeed later
     */
    CallRefused(String code, String message, boolean fault) {
        super(code + ": " + message);
        this.code = code;
        this.fault = fault;
    }

    String code() {
        return code;
    }

    boolean fault() {
        return fault;
    }
}
