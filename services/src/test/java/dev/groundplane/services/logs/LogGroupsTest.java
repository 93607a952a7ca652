package dev.groundplane.services.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.identity.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatchlogs.model.TooManyTagsException;

class LogGroupsTest {
    private final LogsFixture logs = new LogsFixture();

    @AfterEach
    void close() {
        logs.close();
    }

    private void create(String... names) {
        for (String name : names) {
            logs.client().createLogGroup(r -> r.logGroupName(name));
        }
    }

    private List<String> names(String prefix, String part) {
        return logs
                .client()
                .describeLogGroups(r -> r.logGroupNamePrefix(prefix).logGroupNamePattern(part))
                .logGroups()
                .stream()
                .map(LogGroup::logGroupName)
                .toList();
    }

    @Test
    void showsWhatAwsShows() {
        create("/ecs/app");

        LogGroup group = logs.client().describeLogGroups().logGroups().getFirst();

        assertThat(group)
                .isEqualTo(LogGroup.builder()
                        .logGroupName("/ecs/app")
                        .creationTime(LogsFixture.START.toEpochMilli())
                        .metricFilterCount(0)
                        .arn("arn:aws:logs:us-east-1:123456789012:log-group:/ecs/app:*")
                        .logGroupArn("arn:aws:logs:us-east-1:123456789012:log-group:/ecs/app")
                        .logGroupClass(LogGroupClass.STANDARD)
                        .storedBytes(0L)
                        .build());
    }

    @Test
    void countsStoredBytesAsAwsDoes() {
        String group = logs.group();
        logs.put(group, "s", LogsFixture.event(Duration.ZERO, "é"), LogsFixture.event(Duration.ZERO, "ab"));

        assertThat(logs.client().describeLogGroups().logGroups().getFirst().storedBytes())
                .isEqualTo(2 + 26 + 2 + 26);
    }

    @Test
    void refusesASecondGroupOfTheName() {
        create("a");

        assertThatThrownBy(() -> create("a"))
                .isInstanceOf(ResourceAlreadyExistsException.class)
                .hasMessageContaining("The specified log group already exists");
    }

    @Test
    void keepsAccountsAndRegionsApart() {
        create("a");

        Scope other = new Scope("210987654321", "us-east-1");
        assertThat(logs.client(other).describeLogGroups().logGroups()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "ä", "aws/x"})
    void refusesNamesThatAwsRefuses(String name) {
        assertThatThrownBy(() -> create(name)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void refusesWhatItDoesNotSupportByName() {
        assertThatThrownBy(() ->
                        logs.client().createLogGroup(r -> r.logGroupName("a").kmsKeyId("key")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("kmsKeyId");
        assertThatThrownBy(() -> logs.client()
                        .createLogGroup(r -> r.logGroupName("a").logGroupClass(LogGroupClass.INFREQUENT_ACCESS)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("INFREQUENT_ACCESS");
    }

    @Test
    void listsByPrefixOrPart() {
        create("/b/one", "/a/two", "/a/one");

        assertThat(names("/a/", null)).containsExactly("/a/one", "/a/two");
        assertThat(names(null, "one")).containsExactly("/a/one", "/b/one");
        assertThat(names(null, "One")).isEmpty();
        assertThatThrownBy(() -> names("a", "b"))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("mutually exclusive");
    }

    @Test
    void listsTheGroupsThatAreNamed() {
        create("a", "b", "c");

        List<LogGroup> found = logs.client()
                .describeLogGroups(
                        r -> r.logGroupIdentifiers("c", "arn:aws:logs:us-east-1:123456789012:log-group:a", "absent"))
                .logGroups();

        assertThat(found).extracting(LogGroup::logGroupName).containsExactly("a", "c");
    }

    @Test
    void pagesThroughAll() {
        for (int i = 0; i < 7; i++) {
            create("x" + i, "y" + i);
        }
        for (String part : List.of("x", "")) {
            List<String> seen = new ArrayList<>();
            String token = null;
            do {
                String from = token;
                DescribeLogGroupsResponse page = logs.client()
                        .describeLogGroups(
                                r -> r.logGroupNamePattern(part).limit(3).nextToken(from));
                page.logGroups().forEach(group -> seen.add(group.logGroupName()));
                token = page.nextToken();
            } while (token != null);
            assertThat(seen).isSorted().doesNotHaveDuplicates().hasSize(part.isEmpty() ? 14 : 7);
        }
        assertThatThrownBy(() -> logs.client().describeLogGroups(r -> r.nextToken("what?")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void deletesWithItsStreamsAndEvents() {
        String group = logs.group();
        logs.put(group, "s", LogsFixture.event(Duration.ZERO, "old"));
        logs.client().deleteLogGroup(r -> r.logGroupName(group));

        assertThatThrownBy(() -> logs.client().deleteLogGroup(r -> r.logGroupName(group)))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("The specified log group does not exist.");
        create(group);
        assertThat(logs.client().describeLogStreams(r -> r.logGroupName(group)).logStreams())
                .isEmpty();
        assertThat(logs.client().filterLogEvents(r -> r.logGroupName(group)).events())
                .isEmpty();
    }

    @Test
    void allowsAwsRetentionsOnly() {
        String group = logs.group();
        logs.client().putRetentionPolicy(r -> r.logGroupName(group).retentionInDays(7));
        assertThat(logs.client().describeLogGroups().logGroups().getFirst().retentionInDays())
                .isEqualTo(7);

        logs.client().deleteRetentionPolicy(r -> r.logGroupName(group));
        assertThat(logs.client().describeLogGroups().logGroups().getFirst().retentionInDays())
                .isNull();
        assertThatThrownBy(() -> logs.client()
                        .putRetentionPolicy(r -> r.logGroupName(group).retentionInDays(2)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("'2' at 'retentionInDays'");
    }

    @Test
    void keepsTags() {
        String arn = "arn:aws:logs:us-east-1:123456789012:log-group:g";
        logs.client().createLogGroup(r -> r.logGroupName("g").tags(Map.of("a", "1", "b", "2")));
        logs.client().tagResource(r -> r.resourceArn(arn).tags(Map.of("b", "3", "c", "")));
        logs.client().untagResource(r -> r.resourceArn(arn).tagKeys("a", "absent"));

        assertThat(logs.client().listTagsForResource(r -> r.resourceArn(arn)).tags())
                .isEqualTo(Map.of("b", "3", "c", ""));
        assertThatThrownBy(() -> logs.client().listTagsForResource(r -> r.resourceArn(arn + "x")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    @SuppressWarnings("deprecation") // tools still call the older operations
    void keepsTagsOfTheOlderOperations() {
        create("g");
        logs.client().tagLogGroup(r -> r.logGroupName("g").tags(Map.of("a", "1", "b", "2")));
        logs.client().untagLogGroup(r -> r.logGroupName("g").tags("a"));

        assertThat(logs.client().listTagsLogGroup(r -> r.logGroupName("g")).tags())
                .isEqualTo(Map.of("b", "2"));
    }

    @Test
    void allowsFiftyTags() {
        create("g");
        String arn = "arn:aws:logs:us-east-1:123456789012:log-group:g";
        Map<String, String> tags = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            tags.put("k" + i, "v");
        }
        logs.client().tagResource(r -> r.resourceArn(arn).tags(tags));

        assertThatThrownBy(() ->
                        logs.client().tagResource(r -> r.resourceArn(arn).tags(Map.of("one", "more"))))
                .isInstanceOf(TooManyTagsException.class);
    }
}
