package dev.groundplane.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A log line as a JSON object: {@code time}, {@code level}, {@code logger}, {@code message}; what the thread works on, such as
 * {@code requestId}; {@code taskArn}, when a task's ARN is among the message's arguments; {@code error}, a stack trace.
 * Thread-safe.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] NOTHING = {};
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern TASK = Pattern.compile("arn:[\\w-]+:ecs:[^\\s\"]+:task/[\\w/-]+");

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
            json.writeStringField("level", event.getLevel().toString());
            json.writeStringField("logger", event.getLoggerName());
            json.writeStringField("message", event.getFormattedMessage());
            for (Map.Entry<String, String> known : event.getMDCPropertyMap().entrySet()) {
                json.writeStringField(known.getKey(), known.getValue());
            }
            Optional<String> task = task(event);
            if (task.isPresent()) {
                json.writeStringField("taskArn", task.get());
            }
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                json.writeStringField("error", ThrowableProxyUtil.asString(thrown));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.write('\n');
        return line.toByteArray();
    }

    private static Optional<String> task(ILoggingEvent event) {
        Object[] arguments = event.getArgumentArray();
        return arguments == null
                ? Optional.empty()
                : Stream.of(arguments)
                        .filter(String.class::isInstance)
                        .map(text -> TASK.matcher((String) text))
                        .filter(Matcher::matches)
                        .map(Matcher::group)
                        .findFirst();
    }
}
