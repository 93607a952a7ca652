package dev.groundplane.services.ecs;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/** The kinds of values that a {@link ClusterQuery} compares, all in the form of text. */
enum ClusterQueryValue {
    /** Equal when the same; ordered as decimal numbers where both are, else as text. */
    TEXT("a value, in quotes if it has spaces or signs") {
        @Override
        boolean accepts(String text) {
            return true;
        }

        @Override
        int compare(String one, String other) {
            return DECIMAL.matcher(one).matches() && DECIMAL.matcher(other).matches()
                    ? new BigDecimal(one).compareTo(new BigDecimal(other))
                    : one.compareTo(other);
        }

        @Override
        boolean same(String one, String other) {
            return one.equals(other);
        }
    },
    FLAG("true or false") {
        @Override
        boolean accepts(String text) {
            return text.equals("true") || text.equals("false");
        }

        @Override
        int compare(String one, String other) {
            return one.compareTo(other);
        }
    },
    COUNT("a whole number") {
        @Override
        boolean accepts(String text) {
            return WHOLE.matcher(text).matches();
        }

        @Override
        int compare(String one, String other) {
            return Integer.compare(Integer.parseInt(one), Integer.parseInt(other));
        }
    },
    VERSION("a version such as 1.14.5") {
        @Override
        boolean accepts(String text) {
            return AgentVersion.parse(text).isPresent();
        }

        @Override
        int compare(String one, String other) {
            return AgentVersion.parse(one)
                    .orElseThrow()
                    .compareTo(AgentVersion.parse(other).orElseThrow());
        }
    },
    /** To the second; without an offset in UTC, without a time at midnight. */
    TIME("a date such as 2018-06-18, 2018-06-18T22:28:28Z or 2018-06-18T22:28:28+00:00") {
        @Override
        boolean accepts(String text) {
            return instant(text).isPresent();
        }

        @Override
        int compare(String one, String other) {
            return instant(one).orElseThrow().compareTo(instant(other).orElseThrow());
        }
    };

    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern LOCAL = Pattern.compile(DATE + "T[0-9]{2}:[0-9]{2}:[0-9]{2}");
    private static final Pattern WITH_OFFSET = Pattern.compile(LOCAL + "(Z|[+-][0-9]{2}:[0-9]{2})");

    private final String description;

    ClusterQueryValue(String description) {
        this.description = description;
    }

    /** Whether the text is a value of this kind. The other methods take only such. */
    abstract boolean accepts(String text);

    abstract int compare(String one, String other);

    boolean same(String one, String other) {
        return compare(one, other) == 0;
    }

    /** What such a value looks like, for error messages. */
    String description() {
        return description;
    }

    private static Optional<Instant> instant(String text) {
        try {
            if (DATE.matcher(text).matches()) {
                return Optional.of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            if (LOCAL.matcher(text).matches()) {
                return Optional.of(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
            }
            if (WITH_OFFSET.matcher(text).matches()) {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
            }
        } catch (DateTimeException e) {
            // Of the right shape, but no date, such as 2018-02-30: not accepted like any other text.
        }
        return Optional.empty();
    }
}
