package dev.groundplane.agent.logs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts bytes of a log file into the events of one batch. Lines end with LF or CRLF, which is not part of the event; empty
 * lines make no event; a line too long for one event makes several, cut between characters.
 */
final class LineCutter {
    /** Each byte that is not UTF-8 becomes a replacement character of three bytes. */
    private static final int WORST_GROWTH = 3;

    private final byte[] bytes;
    private final int length;
    private final boolean last;
    private final long timestampMillis;
    private final List<LogEvent> events = new ArrayList<>();
    private int batchBytes;
    private int consumed;

    private LineCutter(byte[] bytes, int length, boolean last, long timestampMillis) {
        this.bytes = bytes;
        this.length = length;
        this.last = last;
        this.timestampMillis = timestampMillis;
    }

    /** The events of a batch and how many bytes of the input they came from. */
    record Cut(List<LogEvent> events, int consumed) {}

    /**
     * Cuts as many whole lines as fit one batch.
     *
     * @param bytes the input; its first byte begins a line
     * @param length how many bytes of it are filled
     * @param last whether nothing will follow, so that a line without an end is whole
     * @param timestampMillis the events' timestamp
     */
    static Cut cut(byte[] bytes, int length, boolean last, long timestampMillis) {
        var cutter = new LineCutter(bytes, length, last, timestampMillis);
        while (cutter.cutNext()) {}
        return new Cut(cutter.events, cutter.consumed);
    }

    private boolean cutNext() {
        if (consumed == length || events.size() == LogBatch.MOST_EVENTS) {
            return false;
        }
        var lineEnd = indexOfLineFeed(consumed);
        var hasEnd = lineEnd >= 0;
        var contentEnd = hasEnd ? lineEnd : length;
        if (hasEnd && contentEnd > consumed && bytes[contentEnd - 1] == '\r') {
            contentEnd--;
        }
        if (contentEnd == consumed) {
            consumed = hasEnd ? lineEnd + 1 : length;
            return true;
        }
        var pieceEnd = pieceEnd(consumed, contentEnd);
        var endsLine = pieceEnd == contentEnd;
        if (endsLine && !hasEnd && !last) {
            return false;
        }
        var message = new String(bytes, consumed, pieceEnd - consumed, StandardCharsets.UTF_8);
        var size = message.getBytes(StandardCharsets.UTF_8).length + LogBatch.EVENT_OVERHEAD;
        if (batchBytes + size > LogBatch.LARGEST_BYTES) {
            return false;
        }
        batchBytes += size;
        events.add(new LogEvent(timestampMillis, message));
        consumed = endsLine && hasEnd ? lineEnd + 1 : pieceEnd;
        return true;
    }

    private int indexOfLineFeed(int from) {
        for (var index = from; index < length; index++) {
            if (bytes[index] == '\n') {
                return index;
            }
        }
        return -1;
    }

    /** Where an event that begins at {@code from} must end so that it is not too large. */
    private int pieceEnd(int from, int contentEnd) {
        var largest = LogBatch.LARGEST_MESSAGE_BYTES;
        if (contentEnd - from <= largest / WORST_GROWTH) {
            return contentEnd;
        }
        var end = beforeCharacter(from, Math.min(contentEnd, from + largest));
        if (isUtf8(from, end)) {
            return end;
        }
        return beforeCharacter(from, Math.min(contentEnd, from + largest / WORST_GROWTH));
    }

    /** The given end, or the beginning of the character that it would cut in two. */
    private int beforeCharacter(int from, int end) {
        var cut = end;
        for (var back = 0; back < 3 && cut > from && cut < length && isContinuation(bytes[cut]); back++) {
            cut--;
        }
        return cut > from && (cut == length || !isContinuation(bytes[cut])) ? cut : end;
    }

    private static boolean isContinuation(byte value) {
        return (value & 0xC0) == 0x80;
    }

    private boolean isUtf8(int from, int end) {
        try {
            var decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, end - from));
            return decoded.limit() > 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
