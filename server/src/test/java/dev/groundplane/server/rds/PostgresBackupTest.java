package dev.groundplane.server.rds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresBackupTest {
    @ParameterizedTest
    @CsvSource({
        "000000010000000000000001, 000000010000000000000002",
        "0000000200000000000000FF, 000000020000000100000000",
        "00000001000000FF000000FF, 000000010000010000000000"
    })
    void segmentsOfTheWalFollowOneAnother(String segment, String next) {
        assertThat(PostgresBackup.next(segment)).isEqualTo(next);
    }
}
