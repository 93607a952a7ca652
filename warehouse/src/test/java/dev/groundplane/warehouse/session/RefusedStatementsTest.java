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
            """);
    }
}
