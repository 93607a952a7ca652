package dev.groundplane.wire;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;
import software.amazon.awssdk.utils.DateUtils;

/** Reads and writes timestamps in the format that a field's trait, location and protocol ask for. */
final class Timestamps {
    private static final DateTimeFormatter RFC_822 = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private Timestamps() {}

    /** The trait wins; else headers are RFC 822, JSON bodies are epoch seconds, all else is ISO 8601. */
    static Format format(SdkField<?> field, boolean jsonBody) {
        TimestampFormatTrait trait = field.getTrait(TimestampFormatTrait.class);
        if (trait != null) {
            return trait.format();
        }
        if (field.location() == MarshallLocation.HEADER) {
            return Format.RFC_822;
        }
        return jsonBody && field.location() == MarshallLocation.PAYLOAD ? Format.UNIX_TIMESTAMP : Format.ISO_8601;
    }

    static String text(Instant instant, Format format) {
        return switch (format) {
            case ISO_8601 -> DateTimeFormatter.ISO_INSTANT.format(instant);
            case RFC_822 -> RFC_822.format(instant);
            case UNIX_TIMESTAMP -> epochSeconds(instant).toPlainString();
            case UNIX_TIMESTAMP_MILLIS -> Long.toString(instant.toEpochMilli());
        };
    }

    static BigDecimal epochSeconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    static Instant parse(String text, Format format, @Nullable String fieldName) {
        try {
            return switch (format) {
                case ISO_8601 -> DateUtils.parseIso8601Date(text);
                case RFC_822 -> DateUtils.parseRfc822Date(text);
                case UNIX_TIMESTAMP -> ofEpochSeconds(new BigDecimal(text));
                case UNIX_TIMESTAMP_MILLIS -> Instant.ofEpochMilli(Long.parseLong(text));
            };
        } catch (DateTimeException | NumberFormatException e) {
            throw WireException.serialization(
                    "%s: '%s' is not a timestamp in the form %s".formatted(fieldName, Excerpt.of(text), format));
        }
    }

    /** Epoch seconds, fractions to the millisecond; refuses what no {@link Instant} can hold. */
    static Instant ofEpochSeconds(BigDecimal seconds) {
        if ((long) seconds.precision() - seconds.scale() > 12) {
            throw new DateTimeException("out of range");
        }
        return Instant.ofEpochMilli(
                seconds.setScale(3, RoundingMode.DOWN).unscaledValue().longValue());
    }
}
