package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Users, groups and roles, and who owns and grants what. */
class GrantTest extends AccessFixture {
    @Test
    void whoMakesSomethingOwnsIt() throws Exception {
        run(bob, "CREATE TABLE mine(i INTEGER, s VARCHAR)");
        run(bob, "INSERT INTO mine VALUES (7, 'x')");
        try (var eve = connect("eve", PASSWORD)) {
            refused(eve, "SELECT * FROM mine", "permission denied for relation mine");
            refused(eve, "DROP TABLE mine", "must be owner of relation mine");
            refused(eve, "CREATE OR REPLACE VIEW mine AS SELECT 1 AS i", "must be owner of relation mine");
            run(eve, "CREATE TABLE IF NOT EXISTS mine(i INTEGER)");
            refused(eve, "SELECT * FROM mine", "permission denied for relation mine");
            run(bob, "GRANT SELECT ON mine TO eve");
            assertThat(rows(eve, "SELECT i FROM mine")).containsExactly("7");
            run(bob, "ALTER TABLE mine RENAME TO renamed");
            assertThat(rows(eve, "SELECT i FROM renamed")).containsExactly("7");
            run(bob, "DROP TABLE renamed");
            run(bob, "CREATE TABLE renamed(i INTEGER)");
            refused(eve, "SELECT * FROM renamed", "permission denied for relation renamed");
            run(admin, "ALTER TABLE renamed OWNER TO eve");
            run(eve, "DROP TABLE renamed");
        }
    }

    @Test
    void ownersAndPrivilegesComeAndGoWithTheTransaction() throws Exception {
        bob.setAutoCommit(false);
        run(bob, "CREATE TABLE mine(i INTEGER)");
        run(bob, "GRANT SELECT ON mine TO PUBLIC");
        bob.rollback();
        bob.setAutoCommit(true);
        run(admin, "CREATE TABLE mine AS SELECT 1 AS i");
        refused(bob, "SELECT * FROM mine", "permission denied for relation mine");
    }

    @Test
    void groupsAndRolesHandOnWhatTheyHave() throws Exception {
        run(admin, "CREATE GROUP readers WITH USER bob");
        run(admin, "CREATE ROLE analyst");
        run(admin, "CREATE ROLE senior");
        run(admin, "GRANT USAGE ON SCHEMA secret TO GROUP readers");
        run(admin, "GRANT SELECT ON secret.pay TO ROLE analyst");
        run(admin, "GRANT ROLE analyst TO ROLE senior");
        refused(bob, "SELECT * FROM secret.pay", "permission denied for relation pay");
        run(admin, "GRANT ROLE senior TO bob");
        assertThat(rows(bob, "SELECT amount FROM secret.pay")).containsExactly("1000");
        fails(admin, "GRANT ROLE senior TO ROLE analyst", "0LP01", "already");
        assertThat(rows(admin, "SELECT role_name, granted_role_name FROM svv_role_grants"))
                .containsExactly("senior|analyst");
        assertThat(rows(admin, "SELECT user_name, role_name FROM svv_user_grants"))
                .containsExactly("bob|senior");
        run(admin, "ALTER GROUP readers DROP USER bob");
        refused(bob, "SELECT * FROM secret.pay", "permission denied for schema secret");
        fails(admin, "DROP ROLE analyst", "2BP01", "has a privilege on relation secret.pay");
        fails(admin, "DROP GROUP readers", "2BP01", "has a privilege on schema secret");
        run(admin, "REVOKE ALL ON SCHEMA secret FROM GROUP readers");
        run(admin, "DROP GROUP readers");
        fails(admin, "DROP ROLE senior", "2BP01", "granted to others");
        run(admin, "DROP ROLE senior FORCE");
        assertThat(rows(admin, "SELECT role_name FROM svv_roles")).containsExactly("analyst");
    }

    @Test
    void aGrantOptionLetsOthersGrantOn() throws Exception {
        run(admin, "GRANT SELECT ON secret.pay TO bob WITH GRANT OPTION");
        run(admin, "GRANT USAGE ON SCHEMA secret TO PUBLIC");
        run(bob, "GRANT SELECT ON secret.pay TO eve");
        refused(bob, "GRANT INSERT ON secret.pay TO eve", "permission denied for relation pay");
        try (var eve = connect("eve", PASSWORD)) {
            assertThat(rows(eve, "SELECT amount FROM secret.pay")).containsExactly("1000");
            refused(eve, "GRANT SELECT ON secret.pay TO bob", "permission denied for relation pay");
            fails(admin, "REVOKE SELECT ON secret.pay FROM bob", "2BP01", "dependent privileges exist");
            run(admin, "REVOKE SELECT ON secret.pay FROM bob CASCADE");
            refused(eve, "SELECT amount FROM secret.pay", "permission denied for relation pay");
        }
    }

    @Test
    void defaultPrivilegesAreOnWhatIsMadeLater() throws Exception {
        run(admin, "ALTER DEFAULT PRIVILEGES IN SCHEMA desk GRANT SELECT ON TABLES TO bob");
        run(admin, "CREATE TABLE desk.later AS SELECT 5 AS i");
        run(admin, "CREATE TABLE elsewhere AS SELECT 5 AS i");
        assertThat(rows(bob, "SELECT i FROM desk.later")).containsExactly("5");
        refused(bob, "SELECT i FROM elsewhere", "permission denied for relation elsewhere");
        assertThat(rows(
                        admin,
                        "SELECT schema_name, owner_name, privilege_type, grantee_name FROM svv_default_privileges"))
                .containsExactly("desk|admin|SELECT|bob");
        run(admin, "ALTER DEFAULT PRIVILEGES IN SCHEMA desk REVOKE SELECT ON TABLES FROM bob");
        run(admin, "CREATE TABLE desk.latest AS SELECT 5 AS i");
        refused(bob, "SELECT i FROM desk.latest", "permission denied for relation latest");
    }

    @Test
    void usersAreMadeChangedAndRemoved() throws Exception {
        fails(admin, "CREATE USER bob PASSWORD 'Password1'", "42710", "user \"bob\" already exists");
        fails(admin, "CREATE USER x PASSWORD 'weak'", "22023", "8 to 64 characters");
        fails(admin, "CREATE USER x PASSWORD 'md5" + "0".repeat(32) + "'", "0A000", "MD5");
        fails(admin, "CREATE USER x PASSWORD DISABLE SESSION TIMEOUT 59", "22023", "from 60 to 1728000 seconds");
        fails(admin, "CREATE USER x PASSWORD DISABLE SYSLOG ACCESS UNRESTRICTED", "0A000", "SYSLOG");
        fails(admin, "CREATE USER \"IAM:x\" PASSWORD 'Password1'", "22023", "PASSWORD DISABLE");
        fails(admin, "DROP USER bob", "2BP01", "has a privilege on");
        fails(admin, "ALTER USER admin RENAME TO boss", "42501", "update-namespace");
        run(bob, "ALTER USER bob PASSWORD 'Password2'");
        fails(admin, "BEGIN; CREATE USER x PASSWORD DISABLE", "25001", "CREATE USER cannot run inside");
        run(admin, "ROLLBACK");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> connect("bob", PASSWORD))
                .withMessageContaining("password authentication failed");
        connect("bob", "Password2").close();
        run(admin, "ALTER USER eve RENAME TO adam");
        run(admin, "ALTER USER adam CREATEUSER CONNECTION LIMIT 2 VALID UNTIL '2027-01-31 10:00:00'");
        assertThat(rows(
                        admin,
                        "SELECT usename, usesuper, valuntil, useconnlimit FROM pg_user_info WHERE usename = 'adam'"))
                .containsExactly("adam|t|2027-01-31T10:00:00Z|2");
        try (var adam = connect("adam", PASSWORD)) {
            assertThat(rows(adam, "SELECT amount FROM secret.pay")).containsExactly("1000");
            assertThat(rows(adam, "SHOW is_superuser")).containsExactly("on");
        }
        run(admin, "DROP USER adam");
        run(admin, "DROP USER IF EXISTS adam");
        fails(admin, "DROP USER adam", "42704", "user \"adam\" does not exist");
    }

    @Test
    void aUserHasNoMoreSessionsThanItsLimit() throws Exception {
        run(admin, "ALTER USER eve CONNECTION LIMIT 1");
        try (var eve = connect("eve", PASSWORD)) {
            assertThat(rows(eve, "SELECT current_user")).containsExactly("eve");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> connect("eve", PASSWORD))
                    .withMessageContaining("too many connections");
        }
    }

    @Test
    void aSessionIsAUsersAndNotANames() throws Exception {
        try (var eve = connect("eve", PASSWORD)) {
            run(eve, "BEGIN");
            run(admin, "ALTER USER eve RENAME TO adam");
            assertThat(rows(eve, "SELECT current_user, session_user")).containsExactly("adam|adam");
            fails(eve, "SELECT 1 / 0", "22012", "");
            run(eve, "ROLLBACK");
            run(eve, "BEGIN");
            run(admin, "DROP USER adam");
            fails(eve, "SELECT 1", "42704", "user \"adam\" does not exist");
            run(eve, "ROLLBACK");
            run(admin, "CREATE USER adam CREATEUSER PASSWORD '" + PASSWORD + "'");
            run(admin, "CREATE USER eve CREATEUSER PASSWORD '" + PASSWORD + "'");
            fails(eve, "SELECT amount FROM secret.pay", "42704", "does not exist");
        }
    }

    @Test
    void aSuperuserActsAsAnother() throws Exception {
        run(admin, "SET SESSION AUTHORIZATION bob");
        assertThat(rows(admin, "SELECT current_user, session_user, user")).containsExactly("bob|admin|bob");
        refused(admin, "SELECT * FROM secret.pay", "permission denied for schema secret");
        run(admin, "RESET SESSION AUTHORIZATION");
        assertThat(rows(admin, "SELECT amount FROM secret.pay")).containsExactly("1000");
    }

    @Test
    void theCatalogShowsEachWhatIsTheirs() throws Exception {
        assertThat(rows(bob, "SELECT table_name FROM svv_all_tables ORDER BY 1"))
                .containsExactly("own", "total", "trade");
        assertThat(rows(admin, "SELECT table_name FROM svv_all_tables ORDER BY 1"))
                .containsExactly("own", "pay", "total", "trade");
        assertThat(rows(bob, "SELECT DISTINCT table_name FROM svv_columns ORDER BY 1"))
                .containsExactly("own", "total", "trade");
        assertThat(rows(bob, "SELECT relname FROM pg_class WHERE relname = 'pay'"))
                .containsExactly("pay");
        assertThat(rows(bob, "SELECT user_name FROM svv_user_info")).containsExactly("bob");
        assertThat(rows(admin, "SELECT schema_name FROM svv_all_schemas ORDER BY 1"))
                .containsExactly("desk", "public", "secret");
        assertThat(rows(
                        admin,
                        "SELECT relation_name, privilege_type FROM svv_relation_privileges WHERE identity_name = 'bob'"
                                + " AND relation_name = 'total'"))
                .containsExactly("total|SELECT");
        assertThat(
                        rows(
                                admin,
                                "SELECT namespace_name, privilege_type, identity_name FROM svv_schema_privileges ORDER BY 1, 2"))
                .containsExactly("desk|USAGE|bob", "public|CREATE|public", "public|USAGE|public");
        assertThat(
                        rows(
                                bob,
                                "SELECT has_table_privilege('desk.total', 'select'), has_table_privilege('secret.pay', 'SELECT'),"
                                        + " has_schema_privilege('desk', 'usage'), has_schema_privilege('eve', 'desk', 'usage'),"
                                        + " has_database_privilege('dev', 'create'), has_table_privilege('admin', 'secret.pay', 'DELETE')"))
                .containsExactly("t|f|t|f|f|t");
        try (var statement = admin.createStatement();
                var shown = statement.executeQuery("SHOW GRANTS ON TABLE desk.total")) {
            assertThat(shown.next()).isTrue();
            assertThat(shown.getString("identity_name")).isEqualTo("bob");
        }
    }

    @Test
    void whatIsInAnotherDatabaseIsGrantedFromHere() throws Exception {
        run(admin, "CREATE DATABASE trading");
        try (var there = connect("trading", "admin", "secret")) {
            run(there, "CREATE TABLE trade AS SELECT 7 AS id");
            run(there, "CREATE TABLE desk AS SELECT 8 AS id");
        }
        refused(bob, "SELECT id FROM trading.public.trade", "permission denied");
        run(admin, "GRANT USAGE ON DATABASE Trading TO bob");
        run(admin, "GRANT USAGE ON SCHEMA trading.public TO bob");
        run(admin, "GRANT SELECT ON trading.public.trade TO bob");
        assertThat(rows(bob, "SELECT id FROM trading.public.trade")).containsExactly("7");
        refused(bob, "SELECT id FROM trading.public.desk", "permission denied for relation desk");
        run(admin, "GRANT SELECT ON ALL TABLES IN SCHEMA trading.public TO bob");
        assertThat(rows(bob, "SELECT id FROM trading.public.desk")).containsExactly("8");
        run(admin, "REVOKE SELECT ON trading.public.trade FROM bob");
        refused(bob, "SELECT id FROM trading.public.trade", "permission denied for relation trade");
        refused(bob, "GRANT SELECT ON trading.public.trade TO eve", "permission denied for relation trade");
        fails(
                admin,
                "GRANT SELECT ON trading.public.trade, desk.own TO bob",
                "0A000",
                "of one database, not of trading and dev");
        fails(admin, "GRANT USAGE ON SCHEMA nowhere.trading.public TO bob", "42601", "too many dotted names");
        fails(admin, "GRANT USAGE ON DATABASE nowhere TO bob", "3D000", "database \"nowhere\" does not exist");
        fails(admin, "GRANT USAGE ON DATABASE system TO bob", "3D000", "does not exist");
    }
}
