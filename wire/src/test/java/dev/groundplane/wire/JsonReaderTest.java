package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;

class JsonReaderTest {
    @Test
    void membersAreReadByTheirTypes() {
        Resource resource = (Resource) read(
                Resource.builder(),
                "{\"name\":\"CPU\",\"doubleValue\":1.5,\"longValue\":9007199254740993,\"integerValue\":-7,"
                        + "\"stringSetValue\":[\"1\",\"2\"]}");

        assertThat(resource.name()).isEqualTo("CPU");
        assertThat(resource.doubleValue()).isEqualTo(1.5);
        assertThat(resource.longValue()).as("beyond what a double holds").isEqualTo(9_007_199_254_740_993L);
        assertThat(resource.integerValue()).isEqualTo(-7);
        assertThat(resource.stringSetValue()).containsExactly("1", "2");
    }

    @Test
    void timestampsAreEpochSecondsWithFractionsAndExponents() {
        assertThat(task("{\"createdAt\":1700000000.123}").createdAt())
                .isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
        assertThat(task("{\"createdAt\":1.7e9}").createdAt()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
        assertThat(task("{\"createdAt\":-1}").createdAt()).isEqualTo(Instant.ofEpochSecond(-1));
        assertThat(task("{\"createdAt\":\"1700000000\"}").createdAt()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    }

    @Test
    void nullIsAbsentAndUnknownMembersAreSkipped() {
        Task task = task("{\"startedBy\":null,\"unheardOf\":{\"a\":[{\"b\":[1,2,{}]}]},\"tags\":null,\"group\":\"g\"}");

        assertThat(task).isEqualTo(Task.builder().group("g").build());
        assertThat(task.hasTags()).isFalse();
    }

    @Test
    void anEmptyBodyIsAnEmptyObject() {
        assertThat(task("")).isEqualTo(Task.builder().build());
        assertThat(task("{}")).isEqualTo(Task.builder().build());
    }

    @Test
    void textIsKeptAsItIs() {
        assertThat(task("{\"group\":\"\\ud83d\\ude00 é \\\"\\\\\\n\\u0000\"}").group())
                .isEqualTo("\ud83d\ude00 é \"\\\n\0");
    }

    @Test
    void mapsAndListsLeaveNullsOut() {
        ContainerDefinition container = (ContainerDefinition) read(
                ContainerDefinition.builder(),
                "{\"dockerLabels\":{\"a\":\"1\",\"b\":null},\"command\":[\"x\",null,\"y\"]}");

        assertThat(container.dockerLabels()).isEqualTo(Map.of("a", "1"));
        assertThat(container.command()).isEqualTo(List.of("x", "y"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [1]                         | the body must be a JSON object, found an array
            "x"                         | the body must be a JSON object, found 'x'
            {"count":"3"}               | count must be a number, found '3'
            {"count":[3]}               | count must be a number, found an array
            {"count":true}              | count must be a number, found 'true'
            {"count":2147483648}        | count must be an integer from -2147483648 to 2147483647, found '2147483648'
            {"count":-2147483649}       | count must be an integer from -2147483648 to 2147483647, found '-2147483649'
            {"count":1e30}              | count must be an integer from -2147483648 to 2147483647, found '1e30'
            {"count":1e2147483647}      | count must be an integer from -2147483648 to 2147483647, found '1e2147483647'
            {"cluster":3}               | cluster must be a string, found a number
            {"cluster":{}}              | cluster must be a string, found an object
            {"enableExecuteCommand":1}  | enableExecuteCommand must be true or false, found '1'
            {"overrides":"x"}           | overrides must be a JSON object, found 'x'
            {"tags":{}}                 | tags must be a JSON array, found an object
            {"tags":[{"key":[]}]}       | key must be a string, found an array
            {} {}                       | the body goes on after its JSON object has ended
            """)
    void aMismatchNamesTheMemberWhatItShouldBeAndWhatItIs(String body, String message) {
        assertThatThrownBy(() -> read(RunTaskRequest.builder(), body))
                .isInstanceOfSatisfying(WireException.class, e -> {
                    assertThat(e).hasMessage(message);
                    assertThat(e.code(Protocol.JSON)).isEqualTo("SerializationException");
                    assertThat(e.status(Protocol.JSON)).isEqualTo(400);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"count\"",
                "{\"count\":",
                "{\"count\":1",
                "{\"tags\":[",
                "{\"tags\":[{",
                "{\"overrides\":{\"cpu\":\"1\"}",
                "{count:1}",
                "{'count':1}",
                "{\"count\":NaN}",
                "{\"count\":0x10}",
                "{\"count\":01}",
                "{\"cluster\":\"a\nb\"}",
                "nonsense",
                "{\"count\":1,}",
                "\u0000"
            })
    void whatIsNotJsonIsRefused(String body) {
        assertThatThrownBy(() -> read(RunTaskRequest.builder(), body))
                .isInstanceOf(WireException.class)
                .message()
                .hasSizeLessThan(400);
    }

    @Test
    void invalidUtf8IsRefused() {
        byte[] body = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};

        assertThatThrownBy(() -> JsonReader.read(body, (SdkPojo) Task.builder()))
                .isInstanceOf(WireException.class);
    }

    @Test
    void aStrangeByteOrderMarkIsRefused() {
        byte[] body = {0, 0, (byte) 0xff, (byte) 0xfe};

        assertThatThrownBy(() -> JsonReader.read(body, (SdkPojo) Task.builder()))
                .isInstanceOf(WireException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"createdAt\":1e12}", "{\"createdAt\":1e300}", "{\"createdAt\":-1e999999999}"})
    void aTimestampThatIsNoInstantIsRefused(String body) {
        assertThatThrownBy(() -> task(body)).isInstanceOf(WireException.class).hasMessageContaining("createdAt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"createdAt\":1e2147483647}",
                "{\"createdAt\":\"1e2147483647\"}",
                "{\"createdAt\":1e9999999999}",
                "{\"version\":1e9999999999}"
            })
    void anExponentBeyondEveryNumberIsRefused(String body) {
        assertThatThrownBy(() -> task(body)).isInstanceOf(WireException.class);
    }

    @Test
    void anExponentThatMakesNothingIsNothing() {
        assertThat(task("{\"version\":1e-999999999}").version()).isZero();
    }

    @Test
    void nestingIsBounded() {
        String deep = "[".repeat(100_000);

        assertThatThrownBy(() -> task("{\"unheardOf\":" + deep)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> task("{\"tags\":" + deep)).isInstanceOf(WireException.class);
        assertThat(task("{\"unheardOf\":" + "[".repeat(90) + "]".repeat(90) + "}"))
                .isEqualTo(Task.builder().build());
    }

    @Test
    void aNumberOfAMillionDigitsIsRefused() {
        assertThatThrownBy(() -> task("{\"version\":" + "9".repeat(1_000_000) + "}"))
                .isInstanceOf(WireException.class)
                .message()
                .hasSizeLessThan(400);
    }

    @Test
    void aLongValueIsShownInPartOnly() {
        assertThatThrownBy(() -> task("{\"version\":\"" + "x".repeat(10_000) + "\"}"))
                .hasMessage("version must be a number, found '" + "x".repeat(100) + "...'");
    }

    @Test
    void aLogLineOfAMegabyteIsRead() {
        String line = "x".repeat(1 << 20);
        PutLogEventsRequest request = (PutLogEventsRequest)
                read(PutLogEventsRequest.builder(), "{\"logEvents\":[{\"timestamp\":1,\"message\":\"" + line + "\"}]}");

        assertThat(request.logEvents().getFirst().message()).isEqualTo(line);
    }

    private static Task task(String body) {
        return (Task) read(Task.builder(), body);
    }

    private static Object read(Object builder, String body) {
        JsonReader.read(body.getBytes(StandardCharsets.UTF_8), (SdkPojo) builder);
        return Shape.build((SdkPojo) builder);
    }
}
