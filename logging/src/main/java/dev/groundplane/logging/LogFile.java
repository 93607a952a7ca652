package dev.groundplane.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** A log file of bounded size: when it is full it becomes {@code FILE.1}, and {@code FILE.4} goes. */
public final class LogFile {
    /** How large one file becomes, about. */
    static final long BYTES = 10L * 1024 * 1024;

    private static final int OLD_FILES = 4;

    private LogFile() {}

    /** Logs into {@code file} from now on, instead of to standard error. */
    public static void use(Path file) {
        use(file, BYTES);
    }

    static void use(Path file, long bytes) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        RollingFileAppender<ILoggingEvent> output = new RollingFileAppender<>();
        output.setContext(context);
        output.setFile(file.toString());
        FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(output);
        window.setFileNamePattern(file + ".%i");
        window.setMinIndex(1);
        window.setMaxIndex(OLD_FILES);
        window.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(bytes));
        size.setCheckIncrement(Duration.buildByMilliseconds(0)); // Logback's minute is long enough to fill a disk
        size.start();
        output.setRollingPolicy(window);
        output.setTriggeringPolicy(size);
        LogSetup.write(context, output);
    }
}
