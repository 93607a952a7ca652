package dev.groundplane.pgwire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the content of messages into {@link FrontendMessage}s. */
final class FrontendMessages {
    private FrontendMessages() {}

    static FrontendMessage decode(int type, MessageContent content) throws ProtocolViolation {
        var message = message(type, content);
        content.end(type);
        return message;
    }

    private static FrontendMessage message(int type, MessageContent content) throws ProtocolViolation {
        return switch (type) {
            case 'Q' -> new FrontendMessage.Query(content.string());
            case 'P' -> new FrontendMessage.Parse(content.string(), content.string(), content.int32s());
            case 'B' -> bind(content);
            case 'D' ->
                isStatement(type, content)
                        ? new FrontendMessage.DescribeStatement(content.string())
                        : new FrontendMessage.DescribePortal(content.string());
            case 'E' -> new FrontendMessage.Execute(content.string(), content.int32());
            case 'C' ->
                isStatement(type, content)
                        ? new FrontendMessage.CloseStatement(content.string())
                        : new FrontendMessage.ClosePortal(content.string());
            case 'S' -> new FrontendMessage.Sync();
            case 'H' -> new FrontendMessage.Flush();
            case 'X' -> new FrontendMessage.Terminate();
            case Parking.REQUEST -> new FrontendMessage.Park();
            case 'p' -> new FrontendMessage.Password(content.remaining());
            case 'd', 'c', 'f' -> new FrontendMessage.Copy((byte) type, content.remaining());
            case 'F' -> {
                content.remaining();
                yield new FrontendMessage.FunctionCall();
            }
            default ->
                throw new ProtocolViolation(
                        "message %s: there is no such type of a client's".formatted(MessageContent.shown(type)));
        };
    }

    private static FrontendMessage bind(MessageContent content) throws ProtocolViolation {
        var portal = content.string();
        var statement = content.string();
        var parameterFormats = content.formats();
        var count = content.int16();
        List<byte @Nullable []> values = new ArrayList<>(count);
        for (var i = 0; i < count; i++) {
            var length = content.int32();
            values.add(length == -1 ? null : content.bytes(length));
        }
        requireFormats("parameter", parameterFormats, count);
        return new FrontendMessage.Bind(portal, statement, parameterFormats, values, content.formats());
    }

    private static void requireFormats(String what, List<Format> formats, int count) throws ProtocolViolation {
        if (formats.size() > 1 && formats.size() != count) {
            throw new ProtocolViolation("%d %s formats for %d values: give none, one, or one for each"
                    .formatted(formats.size(), what, count));
        }
    }

    private static boolean isStatement(int type, MessageContent content) throws ProtocolViolation {
        var kind = content.int8();
        return switch (kind) {
            case 'S' -> true;
            case 'P' -> false;
            default ->
                throw new ProtocolViolation("message %s of %s: use 'S' for a statement or 'P' for a portal"
                        .formatted(MessageContent.shown(type), MessageContent.shown(kind)));
        };
    }
}
