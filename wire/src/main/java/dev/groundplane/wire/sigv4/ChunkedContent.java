package dev.groundplane.wire.sigv4;

import dev.groundplane.wire.Trailers;
import dev.groundplane.wire.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Content that came {@code aws-chunked}: chunks with their sizes and maybe signatures, then maybe trailing headers. Its end is
 * reached only when everything was as it says. Source: Amazon S3 API Reference, "Transferring Payload in Multiple Chunks"
 * and "Including trailing headers". Not thread-safe.
 */
final class ChunkedContent extends InputStream implements Trailers {
    private static final int MAX_LINE_BYTES = 4 * 1024;
    private static final int MAX_TRAILERS = 20;
    private static final String SIGNATURE = "chunk-signature=";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

    private final InputStream in;
    private final long declaredLength;
    private final Set<String> announced;
    private final Optional<ChunkSignatures> signatures;
    private final Map<String, String> trailers = new LinkedHashMap<>();
    private long total;
    private long left;
    private String signature = "";
    private boolean begun;
    private boolean ended;

    /**
     * @param in buffered
     * @param declaredLength how many bytes the chunks hold together
     * @param announced names of the headers that will follow, in lower case
     * @param signatures empty when chunks are not signed
     */
    ChunkedContent(InputStream in, long declaredLength, Set<String> announced, Optional<ChunkSignatures> signatures) {
        this.in = in;
        this.declaredLength = declaredLength;
        this.announced = announced;
        this.signatures = signatures;
    }

    @Override
    public Set<String> announced() {
        return announced;
    }

    @Override
    public Map<String, String> trailers() {
        return trailers;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw incomplete("the body ended within a chunk");
        }
        signatures.ifPresent(s -> s.update(buffer, offset, count));
        left -= count;
        total += count;
        if (left == 0) {
            endChunk();
        }
        return count;
    }

    private void endChunk() throws IOException {
        if (!line().isEmpty()) {
            throw incomplete("a chunk is longer than its size says");
        }
        signatures.ifPresent(s -> s.verifyChunk(signature));
    }

    private void nextChunk() throws IOException {
        String header = line();
        String[] parts = header.split(";", 2);
        if (!parts[0].strip().matches("[0-9a-fA-F]{1,12}")) {
            throw incomplete("a chunk must begin with its size in hexadecimal digits");
        }
        left = Long.parseLong(parts[0].strip(), 16);
        String extension = parts.length < 2 ? "" : parts[1].strip();
        signature = extension.startsWith(SIGNATURE) ? extension.substring(SIGNATURE.length()) : "";
        begun = true;
        if (total + left > declaredLength) {
            throw incomplete(
                    "the chunks hold more than x-amz-decoded-content-length says, %d bytes".formatted(declaredLength));
        }
        if (left == 0) {
            signatures.ifPresent(s -> s.verifyChunk(signature));
            readTrailers();
            end();
        }
    }

    private void readTrailers() throws IOException {
        String trailerSignature = "";
        for (String line = lineOrEnd(); !line.isEmpty(); line = lineOrEnd()) {
            int colon = line.indexOf(':');
            if (colon < 1 || trailers.size() == MAX_TRAILERS) {
                throw malformedTrailer("a trailing header is not NAME:VALUE, or there are more than " + MAX_TRAILERS);
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals(TRAILER_SIGNATURE)) {
                trailerSignature = value;
            } else {
                trailers.put(name, value);
            }
        }
        if (!trailers.keySet().equals(announced)) {
            throw malformedTrailer(
                    "x-amz-trailer announced %s, what followed was %s".formatted(announced, trailers.keySet()));
        }
        if (signatures.isPresent() && !announced.isEmpty()) {
            signatures.get().verifyTrailers(trailers, trailerSignature);
        }
    }

    private void end() {
        ended = true;
        if (total != declaredLength) {
            throw incomplete(
                    "the chunks hold %d bytes, x-amz-decoded-content-length says %d".formatted(total, declaredLength));
        }
    }

    /** Some clients leave out the empty line after everything. */
    private String lineOrEnd() throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return "";
        }
        in.reset();
        return line();
    }

    /** Up to a line feed, which a carriage return may precede. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw incomplete(begun ? "the body ended before its last chunk" : "the body has no chunk");
            }
            if (line.length() == MAX_LINE_BYTES) {
                throw incomplete("a line between chunks is longer than %d bytes".formatted(MAX_LINE_BYTES));
            }
            line.append((char) (c & 0xFF));
        }
        int last = line.length() - 1;
        return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    static WireException incomplete(String why) {
        return WireException.of(
                "IncompleteBody",
                400,
                "You did not provide the number of bytes specified by the Content-Length HTTP header: " + why);
    }

    private static WireException malformedTrailer(String why) {
        return WireException.of(
                "MalformedTrailerError", 400, "The request contained trailing data that was not well-formed: " + why);
    }

    /** For messages and logs; the content itself never shows. */
    @Override
    public String toString() {
        return "ChunkedContent[%d of %d bytes]".formatted(total, declaredLength);
    }
}
