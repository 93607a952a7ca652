package dev.groundplane.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What a process's log file looks like, and how large it becomes. */
class LogFileTest {
    private static final Logger LOG = LoggerFactory.getLogger(LogFileTest.class);
    private static final String TASK = "arn:aws:ecs:us-east-1:123456789012:task/default/0af1";

    @TempDir
    private Path directory;

    @AfterEach
    void standardError() {
        MDC.clear();
        new LogSetup().configure((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    private List<Map<String, String>> lines() throws IOException {
        return Files.readAllLines(directory.resolve("log")).stream()
                .map(LogFileTest::members)
                .toList();
    }

    private static Map<String, String> members(String line) {
        Map<String, String> members = new TreeMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                members.put(name, json.nextTextValue());
            }
            assertThat(json.nextToken()).isNull();
            return members;
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    @Test
    void aLineTellsWhenWhoAndWhat() throws IOException {
        Instant before = Instant.now();
        LogFile.use(directory.resolve("log"));
        LOG.warn("cannot read \"{}\"\n{}", "é", 7);

        Map<String, String> line = lines().getFirst();
        assertThat(line).containsOnlyKeys("time", "level", "logger", "message");
        assertThat(Instant.parse(line.get("time"))).isBetween(before.minusMillis(1), Instant.now());
        assertThat(line).containsEntry("level", "WARN").containsEntry("logger", LogFileTest.class.getName());
        assertThat(line).containsEntry("message", "cannot read \"é\"\n7");
    }

    @Test
    void itTellsWhichRequestAndTaskItIsAbout() throws IOException {
        LogFile.use(directory.resolve("log"));
        MDC.put("requestId", "r-1");
        LOG.info("task {} of {} ended", TASK, "somebody");
        MDC.clear();
        LOG.info("another");

        assertThat(lines().getFirst()).containsEntry("requestId", "r-1").containsEntry("taskArn", TASK);
        assertThat(lines().getLast()).doesNotContainKeys("requestId", "taskArn");
    }

    @Test
    void aFailureComesWithItsCause() throws IOException {
        LogFile.use(directory.resolve("log"));
        LOG.error("failed", new IllegalStateException("outer", new IOException("inner")));

        assertThat(lines().getFirst().get("error"))
                .startsWith("java.lang.IllegalStateException: outer")
                .contains("Caused by: java.io.IOException: inner")
                .contains("LogFileTest");
    }

    @Test
    void debuggingIsNotWritten() throws IOException {
        LogFile.use(directory.resolve("log"));
        LOG.debug("small");
        LoggerFactory.getLogger("org.eclipse.jetty.server.Server").info("large");

        assertThat(lines()).isEmpty();
    }

    @Test
    void aFullFileIsPutAsideAndTheOldestGoes() throws IOException {
        LogFile.use(directory.resolve("log"), 2_000);
        IntStream.range(0, 400).forEach(number -> LOG.info("line {}", number));

        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("log", "log.1", "log.2", "log.3", "log.4");
        }
        assertThat(lines().getLast()).containsEntry("message", "line 399");
    }
}
