package dev.groundplane.services.s3;

import dev.groundplane.wire.HeaderForm;
import dev.groundplane.wire.Trailers;
import dev.groundplane.wire.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * A request's content on its way to another store. Its last bytes are handed on only when it has come to its end as it was signed and
 * declared: a store that was promised more than it gets stores nothing. Holds two buffers. For one reader.
 */
public final class ContentOnItsWay extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(ContentOnItsWay.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream source;
    private final OptionalLong length;
    private final DeclaredChecksums declared;
    private final Optional<ChecksumKind> kind;
    private final Optional<ChecksumKind.Accumulator> checksum;
    private final Optional<MessageDigest> md5;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private byte[] ahead = new byte[BUFFER_BYTES];
    private int at;
    private int count;
    private int aheadCount = -1;
    private long size;
    private @Nullable RuntimeException failure;

    /**
     * @param request whose members declare checksums
     * @param body read once
     * @throws software.amazon.awssdk.services.s3.model.S3Exception when what is declared has not its form
     */
    public ContentOnItsWay(SdkPojo request, RequestBody body) {
        source = body.contentStreamProvider().newStream();
        length = ObjectWrites.length(body, source);
        Map<String, String> headers = HeaderForm.of(request);
        declared = new DeclaredChecksums(headers, source);
        declared.checkForm();
        kind = declared.kind();
        checksum = kind.map(ChecksumKind::accumulator);
        md5 = Optional.ofNullable(headers.get("Content-MD5")).map(any -> ChecksumKind.digest("MD5"));
    }

    /** How long it is; empty when it cannot say before its end. */
    public OptionalLong length() {
        return length;
    }

    /** How much of it was read, in bytes. */
    public long size() {
        return size;
    }

    /** A Content-Encoding without the form in which content came; null for none. */
    public static @Nullable String withoutChunks(@Nullable String encoding) {
        return encoding == null ? null : ObjectHeaders.withoutChunks(encoding);
    }

    /** Whether its checksum follows it. */
    public boolean isFollowed() {
        return source instanceof Trailers trailers && !trailers.announced().isEmpty();
    }

    /** The checksums that followed the content, by the headers that carry them; known once it has been read to its end. */
    public Map<String, String> followed() {
        return source instanceof Trailers trailers ? trailers.trailers() : Map.of();
    }

    /** Throws what was wrong with the content, if something was: whoever read it knows only that it could not be read. */
    public void requireWhole() {
        if (failure != null) {
            throw failure;
        }
    }

    /** Reads the rest for nobody: most clients listen only once they have sent everything. */
    public void drain() {
        try {
            source.transferTo(OutputStream.nullOutputStream());
        } catch (IOException | SdkException | WireException e) {
            LOG.debug("the rest of a content that cannot be stored: {}", e.toString());
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) throws IOException {
        if (wanted == 0) {
            return 0;
        }
        if (at == count && !next()) {
            return -1;
        }
        int given = Math.min(wanted, count - at);
        System.arraycopy(buffer, at, target, offset, given);
        at += given;
        return given;
    }

    /** What was read ahead is given now, since there is more or all has been found right. */
    private boolean next() throws IOException {
        if (aheadCount < 0) {
            aheadCount = fill(ahead);
        }
        byte[] free = buffer;
        buffer = ahead;
        ahead = free;
        count = aheadCount;
        at = 0;
        aheadCount = count == 0 ? 0 : fill(ahead);
        return count > 0;
    }

    private int fill(byte[] target) throws IOException {
        try {
            int read = source.readNBytes(target, 0, target.length);
            size += read;
            md5.ifPresent(digest -> digest.update(target, 0, read));
            checksum.ifPresent(sum -> sum.update(target, 0, read));
            if (read == 0) {
                check();
            }
            return read;
        } catch (DamagedContentException e) {
            failure = S3Errors.damaged(e);
        } catch (IOException e) {
            failure = S3Errors.incompleteBody();
        } catch (SdkException | WireException e) {
            failure = e;
        }
        throw new IOException(failure);
    }

    private void check() {
        if (length.isPresent() && length.getAsLong() != size) {
            throw S3Errors.incompleteBody();
        }
        Map<ChecksumKind, String> found = new EnumMap<>(ChecksumKind.class);
        kind.ifPresent(each -> found.put(
                each, Base64.getEncoder().encodeToString(checksum.orElseThrow().finish())));
        byte[] digest = md5.map(MessageDigest::digest).orElseGet(() -> new byte[0]);
        declared.check(new ContentDigest.Result(digest, kind.orElse(ChecksumKind.CRC32), found));
    }

    /** Does nothing: the rest may have to be read still. */
    @Override
    public void close() {}
}
