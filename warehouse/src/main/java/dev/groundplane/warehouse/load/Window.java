package dev.groundplane.warehouse.load;

/** Lets new files begin only while not too much waits to be loaded. Thread-safe. */
final class Window {
    private final long bytes;
    private long inside;

    Window(long bytes) {
        this.bytes = bytes;
    }

    /** Waits until a file may begin. */
    synchronized void await() throws InterruptedException {
        while (inside >= bytes) {
            wait();
        }
    }

    synchronized void enter(long count) {
        inside += count;
    }

    synchronized void leave(long count) {
        inside -= count;
        notifyAll();
    }
}
