package dev.groundplane.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/** What a process logs before it says where to: lines on standard error. Logback finds it; reading XML would cost time. */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String STANDARD_ERROR = "System.err";

    /** What Logback makes it with. */
    public LogSetup() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> output = new ConsoleAppender<>();
        output.setTarget(STANDARD_ERROR);
        root(context).setLevel(Level.INFO);
        context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        context.getLogger("com.zaxxer.hikari").setLevel(Level.WARN);
        write(context, output);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** Writes everything to {@code output} from now on, and to nothing else. */
    static void write(LoggerContext context, OutputStreamAppender<ILoggingEvent> output) {
        JsonLines lines = new JsonLines();
        lines.setContext(context);
        lines.start();
        output.setContext(context);
        output.setEncoder(lines);
        output.start();
        root(context).detachAndStopAllAppenders();
        root(context).addAppender(output);
    }
}
