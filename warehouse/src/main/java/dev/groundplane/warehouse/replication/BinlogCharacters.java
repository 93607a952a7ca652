package dev.groundplane.warehouse.replication;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes text of bytes in a server's character sets. Those of one byte for each character are learnt from the server, whose own they are:
 * its {@code latin1} is nobody else's. For one thread.
 */
final class BinlogCharacters {
    private static final int BYTES = 256;
    private static final Charset UTF_32 = Charset.forName("UTF-32BE");
    private static final Map<String, Charset> UNICODE = Map.of(
            "utf8", StandardCharsets.UTF_8,
            "utf8mb3", StandardCharsets.UTF_8,
            "utf8mb4", StandardCharsets.UTF_8,
            "ucs2", StandardCharsets.UTF_16BE,
            "utf16", StandardCharsets.UTF_16BE,
            "utf16le", StandardCharsets.UTF_16LE,
            "utf32", UTF_32);

    private final Map<String, Function<byte[], String>> known = new HashMap<>();

    /** Learns a server's character sets. */
    void learn(Connection connection) throws SQLException {
        UNICODE.forEach((name, charset) -> known.put(name, bytes -> new String(bytes, charset)));
        var all = new StringBuilder();
        for (var i = 0; i < BYTES; i++) {
            all.append(String.format("%02X", i));
        }
        try (var statement = connection.createStatement()) {
            var names = new HashMap<String, String>();
            try (var rows = statement.executeQuery(
                    "SELECT CHARACTER_SET_NAME FROM information_schema.CHARACTER_SETS WHERE MAXLEN = 1 AND CHARACTER_SET_NAME <> 'binary'")) {
                while (rows.next()) {
                    var name = rows.getString(1);
                    names.put(name, "HEX(CONVERT(_%s X'%s' USING utf32))".formatted(name, all));
                }
            }
            for (var one : names.entrySet()) {
                try (var rows = statement.executeQuery("SELECT " + one.getValue())) {
                    rows.next();
                    known.put(one.getKey(), oneByte(HexFormat.of().parseHex(rows.getString(1))));
                }
            }
        }
    }

    private static Function<byte[], String> oneByte(byte[] table) {
        var letters = new String(table, UTF_32).toCharArray();
        return bytes -> {
            var text = new char[bytes.length];
            for (var i = 0; i < bytes.length; i++) {
                text[i] = letters[bytes[i] & 0xFF];
            }
            return new String(text);
        };
    }

    /** What makes text of bytes in a character set; null when that is not known, or it is none. */
    @Nullable
    Function<byte[], String> of(@Nullable String name) {
        return name == null ? null : known.get(name.toLowerCase(Locale.ROOT));
    }
}
