package dev.groundplane.warehouse.load;

/** Whether there is a line with nothing in it, which the engine passes over and Redshift does not. For one file and thread. */
final class BlankLines {
    private boolean atStart = true;
    private boolean found;

    /** The next bytes of the file. */
    void see(byte[] bytes, int count) {
        if (found) {
            return;
        }
        for (var i = 0; i < count; i++) {
            var b = bytes[i];
            if (b == '\n') {
                if (atStart) {
                    found = true;
                    return;
                }
                atStart = true;
            } else if (atStart && b != '\r') {
                atStart = false;
            }
        }
    }

    boolean found() {
        return found;
    }
}
