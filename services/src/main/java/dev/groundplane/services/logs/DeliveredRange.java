package dev.groundplane.services.logs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.DataAlreadyAcceptedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidSequenceTokenException;

/**
 * Which bytes of a container's log file a batch of Groundplane's agent holds: {@code groundplane:<start>:<end>} in the
 * member {@code sequenceToken}, which AWS ignores today. The stream keeps the end it has accepted, in the transaction that
 * stores the events, so whatever the agent sends again after a lost answer or a crash is stored once.
 *
 * @param start of the first byte, from the start of the file
 * @param end behind the last byte
 */
record DeliveredRange(long start, long end) {
    private static final String PREFIX = "groundplane:";
    private static final Pattern FORM = Pattern.compile(PREFIX + "(\\d{1,18}):(\\d{1,18})");

    /** The range in a token; empty for every token that is not the agent's. */
    static Optional<DeliveredRange> parse(@Nullable String token) {
        Matcher matcher = FORM.matcher(token == null ? "" : token);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        DeliveredRange range = new DeliveredRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
        if (range.start >= range.end) {
            // An empty range would be accepted again and again.
            throw Parameters.invalid("The sequenceToken '%s' must have an end beyond its start.".formatted(token));
        }
        return Optional.of(range);
    }

    /** How an accepted offset is told to the agent. */
    static String token(long accepted) {
        return PREFIX + accepted;
    }

    /**
     * Refuses the range unless it begins where the stream's last accepted one ended.
     *
     * @throws DataAlreadyAcceptedException when some or all of it has been accepted before
     * @throws InvalidSequenceTokenException when something before it is missing
     */
    void follows(long accepted) {
        if (start < accepted) {
            throw DataAlreadyAcceptedException.builder()
                    .expectedSequenceToken(token(accepted))
                    .message("The given batch of log events has already been accepted."
                            + " The next batch can be sent with sequenceToken: " + token(accepted))
                    .build();
        }
        if (start > accepted) {
            throw InvalidSequenceTokenException.builder()
                    .expectedSequenceToken(token(accepted))
                    .message("The given sequenceToken is invalid. The next expected sequenceToken is: "
                            + token(accepted))
                    .build();
        }
    }
}
