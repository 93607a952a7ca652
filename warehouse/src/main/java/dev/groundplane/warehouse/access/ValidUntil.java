package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** When a password ends: {@code infinity}, or a moment in ISO 8601 in UTC. */
final class ValidUntil {
    static final String ALWAYS = "infinity";

    private ValidUntil() {}

    /**
     * The moment that a text as PostgreSQL writes it means; without a zone in UTC.
     *
     * @throws SqlFailure when it is none
     */
    static String checked(String text) {
        if (text.equalsIgnoreCase(ALWAYS)) {
            return ALWAYS;
        }
        var iso = text.strip().replaceFirst(" ", "T");
        try {
            if (iso.length() == "2027-01-01".length()) {
                return LocalDate.parse(iso)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toString();
            }
            var zoned = iso.matches(".*(Z|[+-]\\d\\d(:?\\d\\d)?)$") && iso.indexOf('T') > 0 && iso.length() > 19;
            return zoned
                    ? OffsetDateTime.parse(iso.replaceFirst("([+-]\\d\\d)$", "$1:00"))
                            .toInstant()
                            .toString()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toString();
        } catch (DateTimeException e) {
            throw SqlFailure.of(
                    SqlState.INVALID_DATETIME_FORMAT,
                    "VALID UNTIL '%s': write infinity, or a moment as 2027-01-31 00:00:00".formatted(text));
        }
    }
}
