package dev.groundplane.services.s3;

import dev.groundplane.platform.secret.Encryption;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the JVM compile the cipher when the first large content passes. Until it is compiled it runs forty times as slowly, and it
 * is compiled after so many calls, not after so many bytes: contents alone, with a call for each chunk, would need hundreds of
 * megabytes. Thread-safe.
 */
final class CipherWarmUp {
    /** Takes a fifth of a second of processor time. */
    private static final int CALLS = 15_000;

    private static final int BYTES = 1024;

    private final Encryption encryption;
    private final AtomicBoolean begun = new AtomicBoolean();

    CipherWarmUp(Encryption encryption) {
        this.encryption = encryption;
    }

    /** Begins on another thread, once. Returns at once. */
    void begin() {
        if (begun.compareAndSet(false, true)) {
            Thread.ofPlatform().name("s3-cipher-warm-up").daemon().start(this::run);
        }
    }

    private void run() {
        ContentKey key = ContentKey.create(encryption);
        byte[] content = new byte[BYTES];
        byte[] chunk = new byte[BYTES + ContentKey.TAG_BYTES];
        try {
            for (int i = 0; i < CALLS; i++) {
                int count = key.encrypt(i, true, content, BYTES, chunk, 0);
                key.decrypt(i, true, chunk, count, content, 0);
            }
        } catch (DamagedContentException e) {
            throw new IllegalStateException("this JVM cannot decrypt what it encrypted", e);
        }
    }
}
