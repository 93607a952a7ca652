package dev.groundplane.warehouse.load;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Text of files, which is read byte by byte: each character of it stands for one byte of UTF-8. */
final class Utf8 {
    private static final int SHOWN_BYTES = 4;

    private Utf8() {}

    /**
     * The characters.
     *
     * @param replacement for what is none; empty to fail
     * @throws BadField when it is not UTF-8
     */
    static String decode(String bytes, Optional<Character> replacement) throws BadField {
        if (isAscii(bytes)) {
            return bytes;
        }
        var buffer = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        var decoder = StandardCharsets.UTF_8.newDecoder();
        if (replacement.isPresent()) {
            decoder.replaceWith(replacement.get().toString())
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
        }
        try {
            return decoder.decode(buffer).toString();
        } catch (CharacterCodingException e) {
            var rest = new byte[Math.min(SHOWN_BYTES, buffer.remaining())];
            buffer.get(rest);
            throw new BadField(
                    FieldFault.BAD_UTF8,
                    "String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: %s"
                            .formatted(HexFormat.ofDelimiter(" ").formatHex(rest)));
        }
    }

    private static boolean isAscii(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Of text in bytes. */
    static int length(String text) {
        return isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** For people; what is no UTF-8 is replaced. */
    static String shown(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
