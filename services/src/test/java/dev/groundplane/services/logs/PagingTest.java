package dev.groundplane.services.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/** However events arrive and however they are paged through, each is seen once and in order. */
class PagingTest {
    private static LogsFixture logs;

    @BeforeContainer
    static void open() {
        logs = new LogsFixture();
    }

    @AfterContainer
    static void close() {
        logs.close();
    }

    /** Batches of times, few different ones, so that many events have the same. */
    @Provide
    Arbitrary<List<List<Integer>>> batches() {
        return Arbitraries.integers()
                .between(0, 9)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .list()
                .ofMaxSize(6);
    }

    /** Stores the batches in turn in the streams; returns what each stream holds, in order. */
    private static List<List<String>> store(String group, List<String> streams, List<List<Integer>> batches) {
        List<List<String>> stored = new ArrayList<>();
        streams.forEach(s -> stored.add(new ArrayList<>()));
        int number = 0;
        for (int i = 0; i < batches.size(); i++) {
            int stream = i % streams.size();
            List<InputLogEvent> events = new ArrayList<>();
            for (int time : batches.get(i).stream().sorted().toList()) {
                number++;
                String message = "%d event %04d".formatted(time, number);
                events.add(LogsFixture.event(LogsFixture.START.toEpochMilli() + time, message));
                stored.get(stream).add(message);
            }
            logs.client().putLogEvents(LogsFixture.request(group, streams.get(stream), events));
        }
        stored.forEach(list -> list.sort(Comparator.naturalOrder()));
        return stored;
    }

    private static GetLogEventsResponse page(String group, String token, boolean head, int limit) {
        return logs.client()
                .getLogEvents(r -> r.logGroupName(group)
                        .logStreamName("s")
                        .nextToken(token)
                        .startFromHead(head)
                        .limit(limit));
    }

    private static List<String> messages(GetLogEventsResponse page) {
        return page.events().stream().map(OutputLogEvent::message).toList();
    }

    private static List<String> forwards(String group, String from, int limit) {
        List<String> seen = new ArrayList<>();
        GetLogEventsResponse page = page(group, from, true, limit);
        String token = from;
        while (!Objects.equals(page.nextForwardToken(), token)) {
            seen.addAll(messages(page));
            token = page.nextForwardToken();
            page = page(group, token, true, limit);
        }
        return seen;
    }

    private static List<String> backwards(String group, String from, int limit) {
        List<String> seen = new ArrayList<>();
        GetLogEventsResponse page = page(group, from, false, limit);
        String token = from;
        while (!Objects.equals(page.nextBackwardToken(), token)) {
            seen.addAll(0, messages(page));
            token = page.nextBackwardToken();
            page = page(group, token, false, limit);
        }
        return seen;
    }

    @Property(tries = 60)
    void aStreamBothWays(
            @ForAll("batches") List<List<Integer>> batches, @ForAll @IntRange(min = 1, max = 9) int limit) {
        String group = logs.group();
        List<String> expected = store(group, List.of("s"), batches).getFirst();

        assertThat(forwards(group, null, limit)).isEqualTo(expected);
        assertThat(backwards(group, null, limit)).isEqualTo(expected);
    }

    @Property(tries = 60)
    void turningRoundLosesNothing(
            @ForAll("batches") List<List<Integer>> batches,
            @ForAll @IntRange(min = 1, max = 5) int limit,
            @ForAll @IntRange(min = 1, max = 8) int pages) {
        String group = logs.group();
        List<String> expected = store(group, List.of("s"), batches).getFirst();

        GetLogEventsResponse page = page(group, null, true, limit);
        for (int i = 1; i < pages; i++) {
            page = page(group, page.nextForwardToken(), true, limit);
        }

        List<String> around = new ArrayList<>(backwards(group, page.nextBackwardToken(), limit));
        around.addAll(messages(page));
        around.addAll(forwards(group, page.nextForwardToken(), limit));
        assertThat(around).isEqualTo(expected);
    }

    @Property(tries = 40)
    void followingAStreamWhileItGrows(
            @ForAll("batches") List<List<Integer>> batches, @ForAll @IntRange(min = 1, max = 9) int limit) {
        String group = logs.group();
        List<String> expected = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        String token = null;
        for (int i = 0; i < batches.size(); i++) {
            for (int j = 0; j < batches.get(i).size(); j++) {
                String message = i + "/" + j;
                logs.put(group, "s", LogsFixture.event(LogsFixture.START.toEpochMilli() + i, message));
                expected.add(message);
            }
            GetLogEventsResponse page = page(group, token, true, limit);
            seen.addAll(messages(page));
            token = page.nextForwardToken();
        }
        seen.addAll(forwards(group, token, limit));

        assertThat(seen).isEqualTo(expected);
    }

    @Property(tries = 60)
    void aSearchOverStreams(
            @ForAll("batches") List<List<Integer>> batches,
            @ForAll @IntRange(min = 1, max = 9) int limit,
            @ForAll @IntRange(min = 0, max = 2) int kind) {
        String group = logs.group();
        List<String> streams = List.of("a1", "a2", "b1");
        streams.forEach(stream -> logs.stream(group, stream));
        List<List<String>> stored = store(group, streams, batches);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < (kind == 0 ? 3 : 2); i++) {
            expected.addAll(stored.get(i));
        }

        List<FilteredLogEvent> seen = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            FilterLogEventsResponse page = logs.client().filterLogEvents(r -> {
                r.logGroupName(group).limit(limit).nextToken(from);
                if (kind == 1) {
                    r.logStreamNames("a1", "a2");
                } else if (kind == 2) {
                    r.logStreamNamePrefix("a");
                }
            });
            seen.addAll(page.events());
            token = page.nextToken();
        } while (token != null);

        assertThat(seen).extracting(FilteredLogEvent::timestamp).isSorted();
        assertThat(seen).extracting(FilteredLogEvent::eventId).isSorted().doesNotHaveDuplicates();
        assertThat(seen).extracting(FilteredLogEvent::message).containsExactlyInAnyOrderElementsOf(expected);
    }
}
