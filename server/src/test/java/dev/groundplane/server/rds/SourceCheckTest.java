package dev.groundplane.server.rds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoint.Transport;
import dev.groundplane.services.integration.SourceFinding;
import dev.groundplane.testing.PostgresCluster;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is missing at a real PostgreSQL, and that what is said to mend it does. */
class SourceCheckTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final PostgresCluster cluster = PostgresCluster.shared();
    private final String name = "checked_" + NUMBER.incrementAndGet();
    private Connection owner;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cluster.execute("CREATE DATABASE " + name);
        cluster.execute("CREATE ROLE \"Follower\" LOGIN");
        owner = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s?user=groundplane".formatted(cluster.port(), name));
        run("CREATE TABLE trade(id int PRIMARY KEY)");
        run("CREATE TABLE \"Odd name\"(id int PRIMARY KEY)");
        run("CREATE TABLE keyless(a int)");
    }

    @AfterEach
    void removeDatabase() throws SQLException {
        owner.close();
        cluster.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        cluster.execute("DROP DATABASE %s WITH (FORCE)".formatted(name));
        cluster.execute("DROP ROLE \"Follower\"");
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    private DatabaseEndpoint endpoint(String user, Transport transport) {
        return new DatabaseEndpoint("postgresql", "", "127.0.0.1", cluster.port(), name, user, "", transport, "");
    }

    private List<SourceFinding> check(String user) {
        return new PostgresSources().check(endpoint(user, Transport.LOCAL), name, "");
    }

    private List<SourceFinding> hindrances(String user) {
        return check(user).stream().filter(SourceFinding::hinders).toList();
    }

    /** What stands behind the last colon, or all of it. */
    private void mend(SourceFinding finding) throws SQLException {
        run(finding.remedy().substring(finding.remedy().indexOf(": ") + 1));
    }

    @Test
    void aSuperuserMakesWhatItNeeds() {
        assertThat(hindrances("groundplane")).isEmpty();
    }

    @Test
    void whatIsSaidToMendItMendsIt() throws SQLException {
        List<SourceFinding> first = hindrances("Follower");
        assertThat(first)
                .extracting(SourceFinding::problem)
                .satisfiesExactly(
                        one -> assertThat(one).isEqualTo("role \"Follower\" may not replicate"),
                        one -> assertThat(one).startsWith("there is no publication groundplane_tables"));
        assertThat(first.getLast().remedy())
                .contains("FOR TABLE public.\"Odd name\", public.trade WITH")
                .doesNotContain("keyless");
        for (SourceFinding finding : first) {
            mend(finding);
        }
        assertThat(hindrances("Follower")).isEmpty();
        assertThat(check("Follower"))
                .extracting(SourceFinding::problem)
                .anySatisfy(one -> assertThat(one).contains("schema groundplane_replication"));
    }

    @Test
    void aPublicationMustTellAll() throws SQLException {
        run("ALTER ROLE \"Follower\" REPLICATION");
        run("CREATE PUBLICATION groundplane_tables FOR TABLE trade, keyless WITH (publish = 'insert')");
        List<SourceFinding> found = check("Follower");
        assertThat(found)
                .extracting(SourceFinding::problem)
                .anySatisfy(one -> assertThat(one).contains("does not tell all changes"))
                .anySatisfy(one -> assertThat(one).contains("without a primary key are published", "public.keyless"))
                .anySatisfy(one -> assertThat(one).contains("may not read public.keyless, public.trade"));
        mend(hindrances("Follower").getFirst());
        assertThat(hindrances("Follower")).isEmpty();
        run("ALTER PUBLICATION groundplane_tables SET TABLE trade WHERE (id > 7)");
        assertThat(hindrances("Follower"))
                .singleElement()
                .satisfies(one -> assertThat(one.problem()).contains("a part of the rows or columns of public.trade"));
        mend(hindrances("Follower").getFirst());
        assertThat(hindrances("Follower")).isEmpty();
    }

    @Test
    void slotsMustBeLeft() throws SQLException {
        try (Statement statement = owner.createStatement();
                var most = statement.executeQuery("SHOW max_replication_slots")) {
            most.next();
            for (int i = 1; i < most.getInt(1); i++) {
                cluster.execute("SELECT pg_create_physical_replication_slot('taken_%d')".formatted(i));
            }
        }
        assertThat(hindrances("groundplane"))
                .singleElement()
                .satisfies(one -> assertThat(one.toString())
                        .contains("9 of max_replication_slots 10 are in use", "SET max_replication_slots = 12"));
    }

    @Test
    void whatCannotBeReachedIsToldPlainly() {
        assertThat(new PostgresSources().check(endpoint("nobody", Transport.LOCAL), name, ""))
                .singleElement()
                .satisfies(one -> assertThat(one.problem()).contains("role \"nobody\" does not exist"));
        assertThat(new PostgresSources().check(endpoint("groundplane", Transport.LOCAL), "none", ""))
                .singleElement()
                .satisfies(one -> assertThat(one.problem()).contains("has no database none"));
        assertThat(new PostgresSources().check(endpoint("groundplane", new Transport("require", "")), name, ""))
                .as("it is not asked in the clear")
                .singleElement()
                .satisfies(one -> assertThat(one.toString()).contains("there is no TLS with 127.0.0.1", "ssl = on"));
    }

    @Test
    void whatSuperusersMadeGoesWithTheLastIntegration() throws SQLException {
        run("CREATE SCHEMA groundplane_replication");
        run("CREATE PUBLICATION groundplane_one");
        run("CREATE PUBLICATION groundplane_two");
        DatabaseEndpoint endpoint = endpoint("groundplane", Transport.LOCAL);
        new PostgresSources().forget(endpoint, name, "groundplane_one");
        assertThat(has("pg_namespace WHERE nspname = 'groundplane_replication'"))
                .isTrue();
        new PostgresSources().forget(endpoint, name, "groundplane_two");
        assertThat(has("pg_namespace WHERE nspname = 'groundplane_replication'"))
                .isFalse();
    }

    private boolean has(String what) throws SQLException {
        try (Statement statement = owner.createStatement();
                var rows = statement.executeQuery("SELECT FROM " + what)) {
            return rows.next();
        }
    }
}
