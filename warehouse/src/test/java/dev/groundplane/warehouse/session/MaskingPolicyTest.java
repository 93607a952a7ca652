package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Masks of columns, and ways around them. Bob and eve are shown {@code desk.card}; for bob numbers are masked. */
class MaskingPolicyTest extends AccessFixture {
    @BeforeEach
    void protect() throws Exception {
        for (var sql : List.of(
                "CREATE ROLE clerk",
                "CREATE ROLE auditor",
                "GRANT ROLE clerk TO bob",
                "CREATE TABLE desk.card(id INTEGER, number VARCHAR(16), secure BOOLEAN)",
                "INSERT INTO desk.card VALUES (1, '4532993817514842', true), (2, '5', false)",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON desk.card TO bob",
                "GRANT USAGE ON SCHEMA desk TO eve",
                "GRANT SELECT ON desk.card TO eve",
                "CREATE MASKING POLICY last_four WITH (number VARCHAR(256)) USING ('XXXX' || right(number, 4))",
                "CREATE MASKING POLICY nothing WITH (any_text VARCHAR(256)) USING (NULL::VARCHAR)",
                "ATTACH MASKING POLICY last_four ON desk.card(number) TO ROLE clerk PRIORITY 10")) {
            run(admin, sql);
        }
    }

    @Test
    void aColumnIsMaskedInEveryForm() throws Exception {
        run(admin, "CREATE VIEW desk.lens AS SELECT number AS shown FROM desk.card WHERE id = 1");
        run(admin, "CREATE VIEW desk.late AS SELECT number FROM desk.card WHERE id = 1 WITH NO SCHEMA BINDING");
        run(admin, "GRANT SELECT ON desk.lens TO bob");
        run(admin, "GRANT SELECT ON desk.late TO bob");
        for (var sql : List.of(
                "SELECT number FROM desk.card WHERE id = 1",
                "SELECT c.number FROM desk.card AS c WHERE c.id = 1",
                "SELECT y FROM desk.card AS c(x, y, z) WHERE x = 1",
                "SELECT max(number) FROM desk.card WHERE id = 1",
                "SELECT CAST(number AS VARCHAR(30)) FROM desk.card WHERE id = 1",
                "SELECT number FROM (SELECT * FROM desk.card) x WHERE id = 1",
                "SELECT a.number FROM desk.card a JOIN desk.card b ON a.number = b.number WHERE a.id = 1",
                "SELECT (SELECT number FROM desk.card WHERE id = 1)",
                "SELECT DISTINCT number FROM desk.card WHERE id = 1",
                "SELECT number FROM desk.card WHERE number = 'XXXX4842'",
                "SELECT listagg(number, ',') FROM desk.card WHERE id = 1",
                "SELECT shown FROM desk.lens",
                "SELECT number FROM desk.late")) {
            assertThat(rows(bob, sql)).as(sql).containsExactly("XXXX4842");
        }
        for (var sql : List.of(
                "SELECT id FROM desk.card WHERE number = '4532993817514842'",
                "SELECT id FROM desk.card WHERE number LIKE '4%'",
                "SELECT id FROM desk.card WHERE CAST(id AS VARCHAR) || number LIKE '14%'",
                "SELECT 1 FROM desk.card GROUP BY number HAVING number LIKE '4%'")) {
            assertThat(rows(bob, sql)).as(sql).isEmpty();
        }
        assertThat(rows(bob, "SELECT * FROM desk.card ORDER BY id")).containsExactly("1|XXXX4842|t", "2|XXXX5|f");
        assertThat(rows(bob, "SELECT row_number() OVER (ORDER BY number DESC) FROM desk.card WHERE id = 1"))
                .containsExactly("1");
        assertThat(rows(admin, "SELECT number FROM desk.card WHERE id = 1")).containsExactly("4532993817514842");
        try (var eve = connect("eve", PASSWORD)) {
            assertThat(rows(eve, "SELECT number FROM desk.card WHERE id = 1")).containsExactly("4532993817514842");
        }
    }

    @Test
    void changesAndCopiesHaveWhatIsShown() throws Exception {
        run(bob, "CREATE TABLE mine AS SELECT * FROM desk.card");
        run(bob, "CREATE TABLE other(i INTEGER, n VARCHAR(16))");
        run(bob, "INSERT INTO other SELECT id, number FROM desk.card WHERE id = 1");
        run(bob, "INSERT INTO other VALUES (2, (SELECT number FROM desk.card WHERE id = 1))");
        run(bob, "UPDATE other SET n = number FROM desk.card c WHERE c.id = 2 AND i = 2");
        assertThat(rows(admin, "SELECT number FROM mine ORDER BY id")).containsExactly("XXXX4842", "XXXX5");
        assertThat(rows(admin, "SELECT n FROM other ORDER BY i")).containsExactly("XXXX4842", "XXXX5");
        run(bob, "DELETE FROM desk.card WHERE number LIKE '4532%'");
        run(bob, "UPDATE desk.card SET secure = true WHERE number = '5'");
        assertThat(rows(admin, "SELECT id, secure FROM desk.card ORDER BY id")).containsExactly("1|t", "2|f");
        run(bob, "UPDATE desk.card SET secure = true, number = '6' WHERE number = 'XXXX5'");
        assertThat(rows(admin, "SELECT number, secure FROM desk.card WHERE id = 2"))
                .containsExactly("6|t");
        run(bob, "ALTER TABLE other ADD COLUMN x VARCHAR(16)");
        run(admin, "ALTER TABLE desk.card ADD COLUMN copy VARCHAR(16)");
        run(bob, "UPDATE desk.card SET copy = number WHERE id = 1");
        assertThat(rows(admin, "SELECT copy FROM desk.card WHERE id = 1")).containsExactly("XXXX4842");
    }

    @Test
    void theMaskOfTheHighestPriorityHolds() throws Exception {
        run(admin, "ATTACH MASKING POLICY nothing ON desk.card(number) TO PUBLIC");
        try (var eve = connect("eve", PASSWORD)) {
            assertThat(rows(eve, "SELECT number IS NULL FROM desk.card WHERE id = 1"))
                    .containsExactly("t");
            assertThat(rows(bob, "SELECT number FROM desk.card WHERE id = 1")).containsExactly("XXXX4842");
            run(admin, "ATTACH MASKING POLICY nothing ON desk.card(number) TO bob PRIORITY 20");
            assertThat(rows(bob, "SELECT number IS NULL FROM desk.card WHERE id = 1"))
                    .containsExactly("t");
            run(admin, "DETACH MASKING POLICY nothing ON desk.card(number) FROM bob");
            run(admin, "ALTER MASKING POLICY last_four USING ('YY' || right(number, 2))");
            assertThat(rows(bob, "SELECT number FROM desk.card WHERE id = 1")).containsExactly("YY42");
        }
        assertThat(rows(
                        admin,
                        "SELECT policy_name, grantee, grantee_type, priority, input_columns, output_columns"
                                + " FROM svv_attached_masking_policy ORDER BY priority"))
                .containsExactly("nothing|public|public|0|[]|[\"number\"]", "last_four|clerk|role|10|[]|[\"number\"]");
        assertThat(rows(
                        admin,
                        "SELECT policy_database, policy_name, input_columns, policy_expression FROM svv_masking_policy"
                                + " WHERE policy_name = 'nothing'"))
                .containsExactly(
                        "dev|nothing|[{\"colname\":\"any_text\",\"type\":\"character varying(256)\"}]|NULL::VARCHAR");
        assertThat(rows(bob, "SELECT 1 FROM svv_masking_policy")).isEmpty();
    }

    @Test
    void aMaskMayLookAtOtherColumnsAndMaskSeveral() throws Exception {
        run(
                admin,
                "CREATE MASKING POLICY careful WITH (open BOOLEAN, n VARCHAR(16))"
                        + " USING (CASE WHEN open THEN n ELSE 'closed' END)");
        run(admin, "ATTACH MASKING POLICY careful ON desk.card(number) USING (secure, number) TO eve PRIORITY 5");
        run(admin, "CREATE MASKING POLICY both WITH (i INTEGER, s BOOLEAN) USING (i * 0, NOT s)");
        run(admin, "ATTACH MASKING POLICY both ON desk.card(id, secure) TO eve");
        try (var eve = connect("eve", PASSWORD)) {
            assertThat(rows(eve, "SELECT id, number, secure FROM desk.card ORDER BY number"))
                    .containsExactly("0|4532993817514842|f", "0|closed|t");
        }
    }

    @Test
    void masksAreOfRowsThatAreShown() throws Exception {
        run(admin, "CREATE RLS POLICY secured WITH (secure BOOLEAN) AS c USING (c.secure)");
        run(admin, "ATTACH RLS POLICY secured ON desk.card TO PUBLIC");
        run(admin, "ALTER TABLE desk.card ROW LEVEL SECURITY ON");
        run(admin, "CREATE MASKING POLICY fails WITH (n VARCHAR(16)) USING ((100 / (length(n) - 1))::VARCHAR)");
        run(admin, "ATTACH MASKING POLICY fails ON desk.card(number) TO bob PRIORITY 99");
        assertThat(rows(bob, "SELECT id, number FROM desk.card")).containsExactly("1|6");
    }

    @Test
    void policiesMustFit() throws Exception {
        fails(admin, "CREATE MASKING POLICY last_four WITH (n VARCHAR(9)) USING (n)", "42710", "already exists");
        run(admin, "CREATE MASKING POLICY last_four IF NOT EXISTS WITH (n VARCHAR(9)) USING (n)");
        fails(
                admin,
                "CREATE MASKING POLICY p WITH (n VARCHAR(9)) USING ((SELECT max(amount) FROM secret.pay))",
                "0A000",
                "subquery");
        fails(admin, "CREATE MASKING POLICY p WITH (n VARCHAR(9)) USING (m)", "42703", "m");
        fails(
                admin,
                "ATTACH MASKING POLICY last_four ON desk.card(id, number) TO bob",
                "22023",
                "takes 1 columns and gives 1");
        fails(admin, "ATTACH MASKING POLICY last_four ON desk.card(gone) TO bob", "42703", "gone");
        fails(admin, "ATTACH MASKING POLICY nothing ON desk.card(number) TO eve PRIORITY 10", "42710", "same priority");
        fails(admin, "ATTACH MASKING POLICY nothing ON desk.card(number) TO ROLE clerk", "42710", "same grantee");
        fails(admin, "ATTACH MASKING POLICY last_four ON desk.card(number.part) TO bob", "0A000", "SUPER");
        fails(admin, "ATTACH MASKING POLICY last_four ON desk.card(number) TO bob, eve", "42601", "syntax");
        fails(admin, "ALTER TABLE desk.card DROP COLUMN number", "2BP01", "last_four");
        fails(admin, "ALTER TABLE desk.card RENAME COLUMN number TO n", "2BP01", "last_four");
        fails(admin, "DROP MASKING POLICY last_four", "2BP01", "attached");
        fails(admin, "CREATE MATERIALIZED VIEW desk.kept AS SELECT number FROM desk.card", "42809", "policies");
        run(admin, "DETACH MASKING POLICY last_four ON desk.card(number) FROM ROLE clerk");
        run(admin, "DROP MASKING POLICY last_four");
        for (var sql : List.of(
                "CREATE MASKING POLICY p WITH (n VARCHAR(9)) USING (n)",
                "DROP MASKING POLICY nothing",
                "ATTACH MASKING POLICY nothing ON desk.card(number) TO eve",
                "GRANT EXPLAIN MASKING TO ROLE clerk")) {
            refused(bob, sql, "must be superuser");
        }
    }
}
