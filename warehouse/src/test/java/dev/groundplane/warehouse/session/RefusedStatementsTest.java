package dev.groundplane.warehouse.session;

import org.junit.jupiter.api.Test;

/** What Redshift has and the warehouse has not says so by its name. */
final class RefusedStatementsTest extends WarehouseFixture {
    @Test
    void theyAreNamed() throws Exception {
        run("CREATE TABLE t (i INTEGER)");
        assertAllFail("""
            CREATE PROCEDURE p() AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql | 0A000 | CREATE PROCEDURE is not supported
            CREATE OR REPLACE PROCEDURE p() AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql | 0A000 | CREATE PROCEDURE is not
            DROP PROCEDURE p() | 0A000 | DROP PROCEDURE is not supported
            CALL p() | 0A000 | CALL is not supported
            CREATE RLS POLICY own WITH (i INTEGER) USING (i = 1) | 0A000 | CREATE RLS POLICY is not supported
            ALTER RLS POLICY own USING (i = 2) | 0A000 | ALTER RLS POLICY is not supported
            DROP RLS POLICY own | 0A000 | DROP RLS POLICY is not supported
            ATTACH RLS POLICY own ON t TO PUBLIC | 0A000 | ATTACH RLS POLICY is not supported
            DETACH RLS POLICY own ON t FROM PUBLIC | 0A000 | DETACH RLS POLICY is not supported
            ALTER TABLE t ROW LEVEL SECURITY ON | 0A000 | ROW LEVEL SECURITY is not supported
            CREATE MASKING POLICY hide WITH (i INTEGER) USING (0) | 0A000 | CREATE MASKING POLICY is not supported
            ATTACH MASKING POLICY hide ON t(i) TO PUBLIC | 0A000 | ATTACH MASKING POLICY is not supported
            """);
    }
}
