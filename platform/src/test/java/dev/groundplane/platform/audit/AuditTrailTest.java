package dev.groundplane.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.audit.AuditQuery.Attribute;
import dev.groundplane.platform.audit.AuditQuery.Match;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.store.Database;
import dev.groundplane.testing.TestStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuditTrailTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private static final AuditRecord RUN = new AuditRecord(
            EventIds.at(NOW),
            NOW,
            "111111111111",
            "us-east-1",
            "ecs.amazonaws.com",
            "RunTask",
            "alice",
            "AKIAALICE",
            false,
            true,
            List.of(
                    new AuditRecord.Resource("AWS::ECS::Task", "arn:task/1"),
                    new AuditRecord.Resource("AWS::ECS::Cluster", "arn:cluster/x")),
            "{\"n\":\"run\"}");
    private static final AuditRecord LIST = new AuditRecord(
            EventIds.at(NOW.plusSeconds(1)),
            NOW.plusSeconds(1),
            "111111111111",
            "us-east-1",
            "logs.amazonaws.com",
            "DescribeLogGroups",
            "bob",
            "AKIABOB",
            true,
            true,
            List.of(new AuditRecord.Resource("AWS::Logs::LogGroup", "arn:group")),
            "{\"n\":\"list\"}");

    @TempDir
    private Path directory;

    private Database database;
    private AuditTrail trail;

    @BeforeEach
    void open() {
        database = TestStore.open(
                directory.resolve("db"),
                Stream.of(AuditTrail.MIGRATIONS, AuditIndexes.MIGRATIONS)
                        .flatMap(List::stream)
                        .toList(),
                new Events());
        trail = new AuditTrail(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theChainIsContinuousHoweverRecordsCome() throws NoSuchAlgorithmException {
        append(body(RUN, "1"));
        for (int i = 2; i <= 40; i++) {
            trail.appendLater(body(LIST, Integer.toString(i)));
        }
        append(body(RUN, "41 é \ud83d\ude00"));
        assertThatThrownBy(() -> database.write(tx -> {
                    trail.append(tx, body(RUN, "never"));
                    throw new IllegalStateException("undone");
                }))
                .hasMessage("undone");
        close();
        open();
        trail.appendLater(body(LIST, "42"));
        append(body(RUN, "43"));

        List<String> bodies = bodiesOfChain(AuditTrail.SOLE_CHAIN);
        assertThat(bodies).hasSize(43).startsWith("1").endsWith("43").doesNotContain("never");
    }

    @Test
    void aRecordComesBackAsItWent() {
        append(RUN);
        append(LIST);

        assertThat(find(Optional.empty())).containsExactly(LIST, RUN);
    }

    @Test
    void aRecordOfAWorkThatFailsIsUndoneWithIt() {
        assertThatThrownBy(() -> database.write(tx -> {
                    trail.append(tx, RUN);
                    throw new IllegalStateException("undone");
                }))
                .hasMessage("undone");
        append(LIST);

        assertThat(find(Optional.empty())).containsExactly(LIST);
        assertThat(find(Optional.of(new Match(Attribute.RESOURCE_NAME, "arn:task/1"))))
                .isEmpty();
    }

    @Test
    void recordsAppendedLaterKeepTheirOrder() {
        List<AuditRecord> records = IntStream.range(0, 200)
                .mapToObj(i -> body(LIST, Integer.toString(i)))
                .toList();
        records.forEach(trail::appendLater);
        flush();

        assertThat(find(Optional.empty())).isEqualTo(records.reversed());
    }

    @ParameterizedTest
    @EnumSource(Attribute.class)
    void everyAttributeFindsItsRecordOnly(Attribute attribute) {
        append(RUN);
        append(LIST);
        String value = switch (attribute) {
            case EVENT_ID -> RUN.eventId();
            case EVENT_NAME -> "RunTask";
            case READ_ONLY -> "false";
            case USER_NAME -> "alice";
            case RESOURCE_TYPE -> "AWS::ECS::Cluster";
            case RESOURCE_NAME -> "arn:cluster/x";
            case EVENT_SOURCE -> "ecs.amazonaws.com";
            case ACCESS_KEY_ID -> "AKIAALICE";
        };

        assertThat(find(Optional.of(new Match(attribute, value)))).containsExactly(RUN);
        assertThat(find(Optional.of(new Match(attribute, value + "x")))).isEmpty();
    }

    @Test
    void anIdOfAnyFormCanBeLookedFor() {
        append(RUN);

        assertThat(find(Optional.of(new Match(Attribute.EVENT_ID, "not-an-id"))))
                .isEmpty();
        assertThat(find(Optional.of(new Match(Attribute.EVENT_ID, "6fa459ea-ee8a-4ca4-894e-db77e160355e"))))
                .isEmpty();
    }

    @Test
    void onlyManagementEventsOfTheAccountAndRegionAreFound() {
        append(RUN);
        append(elsewhere("222222222222", "us-east-1", true));
        append(elsewhere("111111111111", "eu-west-1", true));
        append(elsewhere("111111111111", "us-east-1", false));

        assertThat(find(Optional.empty())).containsExactly(RUN);
    }

    @Test
    void pagesGoOnWhereTheLastEnded() {
        List<AuditRecord> records = IntStream.range(0, 25)
                .mapToObj(i -> body(RUN, Integer.toString(i)))
                .toList();
        records.forEach(this::append);

        List<AuditRecord> visited = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        Optional<Long> before = Optional.empty();
        do {
            List<AuditTrail.Found> page = trail.find(query(NOW, NOW, Optional.empty(), before, 10));
            page.forEach(found -> visited.add(found.record()));
            sizes.add(page.size());
            before = Optional.of(page.getLast().position());
            append(body(RUN, "newer")); // must not shift what follows
        } while (sizes.getLast() == 10);

        assertThat(sizes).containsExactly(10, 10, 5);
        assertThat(visited).isEqualTo(records.reversed());
    }

    @Test
    void theNewestIsTheOneThatHappenedLast() {
        append(LIST);
        append(RUN); // a call that came first and took longer

        assertThat(find(Optional.empty())).containsExactly(LIST, RUN);
        AuditQuery rest = query(NOW, LIST.time(), Optional.empty(), Optional.of(1L), 10);
        assertThat(trail.find(rest)).extracting(AuditTrail.Found::record).containsExactly(RUN);
    }

    @Test
    void aResourceOfManyRecordsIsFoundAsOneOfFewIs() {
        AuditRecord.Resource task = RUN.resources().getFirst();
        database.write(tx -> {
            for (int i = 0; i < 1_500; i++) {
                trail.append(tx, body(RUN, Integer.toString(i)));
            }
            return true;
        });
        append(LIST);

        Match match = new Match(Attribute.RESOURCE_NAME, task.name());
        assertThat(trail.find(query(NOW, NOW, Optional.of(match), Optional.empty(), 2)))
                .extracting(found -> found.record().body())
                .containsExactly("1499", "1498");
    }

    @Test
    void theTimeWindowIncludesBothItsEnds() {
        append(RUN);
        append(LIST);
        Duration tick = Duration.ofMillis(1);

        assertThat(window(RUN.time(), LIST.time())).containsExactly(LIST, RUN);
        assertThat(window(RUN.time().plus(tick), LIST.time())).containsExactly(LIST);
        assertThat(window(RUN.time(), LIST.time().minus(tick))).containsExactly(RUN);
        assertThat(window(LIST.time().plus(tick), LIST.time().plusSeconds(5))).isEmpty();
        AuditQuery byId = query(
                LIST.time(),
                LIST.time(),
                Optional.of(new Match(Attribute.EVENT_ID, RUN.eventId())),
                Optional.empty(),
                10);
        assertThat(trail.find(byId)).as("an id outside of the window").isEmpty();
    }

    @Test
    void aResourceNamedTwiceIsFoundOnce() {
        AuditRecord.Resource task = new AuditRecord.Resource("AWS::ECS::Task", "arn:task/1");
        AuditRecord twice = new AuditRecord(
                RUN.eventId(),
                NOW,
                RUN.account(),
                RUN.region(),
                "s",
                "n",
                "u",
                "k",
                false,
                true,
                List.of(task, task),
                "{}");
        append(twice);

        assertThat(find(Optional.of(new Match(Attribute.RESOURCE_TYPE, "AWS::ECS::Task"))))
                .containsExactly(twice);
    }

    @Test
    void eachWriterHasAChainOfItsOwnAndAllAreFoundInOrder() throws NoSuchAlgorithmException {
        AuditTrail one = new AuditTrail(database, "one");
        AuditTrail two = new AuditTrail(database, "two");
        append(one, body(RUN, "1"));
        append(two, body(RUN, "2"));
        two.appendLater(body(RUN, "3"));
        append(one, body(RUN, "4"));
        append(new AuditTrail(database, "one"), body(RUN, "5"));

        assertThat(bodiesOfChain("one")).containsExactly("1", "4", "5");
        assertThat(bodiesOfChain("two")).containsExactly("2", "3");
        assertThat(find(Optional.empty())).extracting(AuditRecord::body).containsExactly("5", "4", "3", "2", "1");
    }

    @Test
    void aTrailOfTheFirstReleaseGoesOn() throws NoSuchAlgorithmException {
        close();
        database = TestStore.open(directory.resolve("old"), AuditTrail.MIGRATIONS.subList(0, 1), new Events());
        database.write(tx -> {
            try (PreparedStatement insert = tx.connection()
                    .prepareStatement(
                            "INSERT INTO audit VALUES (1, 'i', 0, 'a', 'r', 's', 'n', 'u', 'k', 'false', 1, '',"
                                    + " 'first', ?)")) {
                insert.setBytes(1, HashChain.next(HashChain.start(), "first"));
                return insert.executeUpdate();
            }
        });
        database.close();
        database = TestStore.open(directory.resolve("old"), AuditTrail.MIGRATIONS, new Events());
        trail = new AuditTrail(database);
        append(body(RUN, "second"));

        assertThat(bodiesOfChain(AuditTrail.SOLE_CHAIN)).containsExactly("first", "second");
    }

    private record Link(String body, byte[] hash) {}

    /** What a chain's records say, once each of its links is verified. */
    private List<String> bodiesOfChain(String name) throws NoSuchAlgorithmException {
        List<String> bodies = new ArrayList<>();
        byte[] previous = new byte[32];
        for (Link link : chain(name)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(previous);
            previous = sha.digest(link.body().getBytes(StandardCharsets.UTF_8));
            assertThat(link.hash()).as("hash of %s", link.body()).isEqualTo(previous);
            bodies.add(link.body());
        }
        return bodies;
    }

    private List<Link> chain(String name) {
        return database.read(connection -> {
            List<Link> chain = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT body, hash FROM audit WHERE chain = ? ORDER BY seq")) {
                select.setString(1, name);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        chain.add(new Link(rows.getString(1), rows.getBytes(2)));
                    }
                }
            }
            return chain;
        });
    }

    private static AuditRecord body(AuditRecord from, String body) {
        return new AuditRecord(
                EventIds.at(NOW),
                NOW,
                from.account(),
                from.region(),
                from.source(),
                from.name(),
                from.userName(),
                from.accessKeyId(),
                from.readOnly(),
                from.management(),
                from.resources(),
                body);
    }

    private static AuditRecord elsewhere(String account, String region, boolean management) {
        return new AuditRecord(
                EventIds.at(NOW), NOW, account, region, "s", "n", "u", "k", false, management, List.of(), "{}");
    }

    private void append(AuditRecord record) {
        append(trail, record);
    }

    private void append(AuditTrail trail, AuditRecord record) {
        database.write(tx -> {
            trail.append(tx, record);
            return record;
        });
    }

    /** Returns when everything queued before is stored. */
    private void flush() {
        database.write(tx -> true);
    }

    private List<AuditRecord> window(Instant from, Instant to) {
        return trail.find(query(from, to, Optional.empty(), Optional.empty(), 10)).stream()
                .map(AuditTrail.Found::record)
                .toList();
    }

    private List<AuditRecord> find(Optional<Match> match) {
        return trail.find(query(NOW.minusSeconds(60), NOW.plusSeconds(60), match, Optional.empty(), 1_000)).stream()
                .map(AuditTrail.Found::record)
                .toList();
    }

    private static AuditQuery query(Instant from, Instant to, Optional<Match> match, Optional<Long> before, int limit) {
        return new AuditQuery("111111111111", "us-east-1", from, to, match, before, limit);
    }
}
