package dev.groundplane.services.s3;

import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The MD5 and the checksum of content, and another one where its sender declares it, computed on another thread while the content is encrypted and written: MD5 takes
 * longer than the rest together. Belongs to one write; not thread-safe.
 */
final class ContentDigest {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("s3-digest-", 0).daemon().factory());

    private final MessageDigest md5 = ChecksumKind.digest("MD5");
    private final ChecksumKind kind;
    private final ChecksumKind.Accumulator checksum;
    private final Optional<ChecksumKind> declared;
    private final Optional<ChecksumKind.Accumulator> check;
    private final Queue<Step> waiting = new ArrayDeque<>();
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private boolean running;

    private record Step(byte[] buffer, int count, CompletableFuture<Void> done) {}

    ContentDigest(ChecksumKind kind) {
        this(kind, Optional.empty());
    }

    /**
     * @param kind what is kept
     * @param declared what the sender declares, which may be another kind
     */
    ContentDigest(ChecksumKind kind, Optional<ChecksumKind> declared) {
        this.kind = kind;
        this.checksum = kind.accumulator();
        this.declared = declared.filter(each -> each != kind);
        this.check = this.declared.map(ChecksumKind::accumulator);
    }

    ChecksumKind kind() {
        return kind;
    }

    /** At once, on this thread. */
    void update(byte[] buffer, int count) {
        md5.update(buffer, 0, count);
        checksum.update(buffer, 0, count);
        check.ifPresent(other -> other.update(buffer, 0, count));
    }

    /**
     * After everything before, on another thread.
     *
     * @return completes when {@code buffer} may be used again
     */
    CompletableFuture<Void> updateLater(byte[] buffer, int count) {
        Step step = new Step(buffer, count, new CompletableFuture<>());
        last = step.done();
        synchronized (waiting) {
            waiting.add(step);
            if (!running) {
                running = true;
                THREADS.execute(this::work);
            }
        }
        return step.done();
    }

    /** Takes all steps that wait: a thread for each would cost more than some of them. */
    private void work() {
        for (Step step = next(); step != null; step = next()) {
            update(step.buffer(), step.count());
            step.done().complete(null);
        }
    }

    private @Nullable Step next() {
        synchronized (waiting) {
            Step step = waiting.poll();
            running = step != null;
            return step;
        }
    }

    /** The results; ends the computation. */
    Result finish() {
        last.join();
        Map<ChecksumKind, String> checksums = new EnumMap<>(ChecksumKind.class);
        checksums.put(kind, Base64.getEncoder().encodeToString(checksum.finish()));
        declared.ifPresent(other -> checksums.put(
                other, Base64.getEncoder().encodeToString(check.orElseThrow().finish())));
        return new Result(md5.digest(), kind, checksums);
    }

    /**
     * @param md5 sixteen bytes
     * @param kind the one that is kept
     * @param checksums base64
     */
    record Result(byte[] md5, ChecksumKind kind, Map<ChecksumKind, String> checksums) {
        /** The ETag without its quotes. */
        String etag() {
            return HexFormat.of().formatHex(md5);
        }

        /** The one that is kept. */
        String checksum() {
            return Objects.requireNonNull(checksums.get(kind));
        }
    }
}
