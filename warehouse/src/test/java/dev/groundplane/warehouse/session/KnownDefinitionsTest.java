package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session knows of definitions and privileges is what they are when it asks again. */
final class KnownDefinitionsTest extends AccessFixture {
    private static final String QUERY = "SELECT i FROM shared.t";

    @BeforeEach
    void share() throws SQLException {
        run(admin, "CREATE SCHEMA shared");
        run(admin, "CREATE TABLE shared.t AS SELECT 1 AS i");
        run(admin, "GRANT USAGE, CREATE ON SCHEMA shared TO bob");
        run(admin, "GRANT SELECT ON shared.t TO bob");
    }

    private void assertRead(String row) throws SQLException {
        assertThat(rows(bob, QUERY)).containsExactly(row);
        assertThat(rows(bob, QUERY)).containsExactly(row);
    }

    private void assertDenied(Connection connection) throws SQLException {
        refused(connection, QUERY, "permission denied");
        refused(connection, QUERY, "permission denied");
    }

    @Test
    void whatIsGrantedAndRevokedCountsAtOnce() throws Exception {
        assertRead("1");
        run(admin, "REVOKE SELECT ON shared.t FROM bob");
        assertDenied(bob);
        run(admin, "GRANT SELECT (i) ON shared.t TO bob");
        assertRead("1");
        run(admin, "REVOKE USAGE ON SCHEMA shared FROM bob");
        assertDenied(bob);
        run(admin, "CREATE GROUP readers WITH USER bob");
        run(admin, "GRANT USAGE ON SCHEMA shared TO GROUP readers");
        assertRead("1");
        run(admin, "ALTER GROUP readers DROP USER bob");
        assertDenied(bob);
    }

    @Test
    void whatATransactionRevokesCountsWithItsEnd() throws Exception {
        assertRead("1");
        admin.setAutoCommit(false);
        run(admin, "REVOKE SELECT ON shared.t FROM bob");
        assertRead("1");
        admin.commit();
        assertDenied(bob);
        run(admin, "GRANT SELECT ON shared.t TO bob");
        assertDenied(bob);
        admin.rollback();
        assertDenied(bob);
    }

    @Test
    void whatATransactionSawIsForgottenWithIt() throws Exception {
        bob.setAutoCommit(false);
        assertRead("1");
        run(admin, "REVOKE SELECT ON shared.t FROM bob");
        assertThat(rows(bob, "SELECT 1")).containsExactly("1");
        bob.commit();
        bob.setAutoCommit(true);
        assertDenied(bob);
    }

    @Test
    void anotherTableOfTheNameIsAnother() throws Exception {
        assertRead("1");
        run(admin, "DROP TABLE shared.t");
        fails(bob, QUERY, "42P01", "does not exist");
        run(admin, "CREATE TABLE shared.t AS SELECT 2 AS i");
        assertDenied(bob);
        run(admin, "GRANT SELECT ON shared.t TO bob");
        assertRead("2");
        run(admin, "ALTER TABLE shared.t ADD COLUMN secret INTEGER");
        run(admin, "REVOKE SELECT ON shared.t FROM bob");
        run(admin, "GRANT SELECT (i) ON shared.t TO bob");
        assertRead("2");
        refused(bob, "SELECT * FROM shared.t", "permission denied");
    }

    @Test
    void aViewIsReadAsItIsDefinedNow() throws Exception {
        run(admin, "CREATE TABLE shared.secret AS SELECT 3 AS i");
        run(bob, "CREATE VIEW shared.v AS SELECT i FROM shared.t");
        assertThat(rows(bob, "SELECT i FROM shared.v")).containsExactly("1");
        refused(bob, "CREATE OR REPLACE VIEW shared.v AS SELECT i FROM shared.secret", "permission denied");
        run(admin, "GRANT SELECT ON shared.secret TO bob");
        run(bob, "CREATE OR REPLACE VIEW shared.v AS SELECT i FROM shared.secret");
        assertThat(rows(bob, "SELECT i FROM shared.v")).containsExactly("3");
        run(admin, "REVOKE SELECT ON shared.secret FROM bob");
        refused(bob, "SELECT i FROM shared.v", "permission denied");
    }

    @Test
    void aTableOfTheSessionsOwnComesFirst() throws Exception {
        run(bob, "SET search_path TO shared");
        assertThat(rows(bob, "SELECT i FROM t")).containsExactly("1");
        run(bob, "CREATE TEMP TABLE t AS SELECT 4 AS i");
        run(admin, "REVOKE SELECT ON shared.t FROM bob");
        assertThat(rows(bob, "SELECT i FROM t")).containsExactly("4");
        run(bob, "DROP TABLE t");
        refused(bob, "SELECT i FROM t", "permission denied");
    }

    @Test
    void anIdentityThatIsMadeLaterIsKept() throws Exception {
        run(admin, "CREATE TABLE plain(id BIGINT, s VARCHAR(5))");
        run(admin, "INSERT INTO plain VALUES (7, 'a')");
        run(admin, "DROP TABLE plain");
        run(admin, "CREATE TABLE plain(id BIGINT IDENTITY(1, 1), s VARCHAR(5))");
        fails(admin, "INSERT INTO plain VALUES (7, 'a')", "0A000", "identity");
        run(admin, "INSERT INTO plain(s) VALUES ('a')");
    }
}
