package dev.groundplane.warehouse.load;

/** A field or a line cannot be loaded. Without a stack trace: there may be many. */
final class BadField extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient FieldFault fault;

    /** @param code see {@link FieldFault} */
    BadField(int code, String reason) {
        super(reason, null, false, false);
        this.fault = new FieldFault(code, reason);
    }

    FieldFault fault() {
        return fault;
    }
}
