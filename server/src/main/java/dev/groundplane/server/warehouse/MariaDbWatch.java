package dev.groundplane.server.warehouse;

import dev.groundplane.server.mariadb.MariaDbSource;
import dev.groundplane.services.integration.IntegrationClaims.Followed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Asks a MariaDB source again and again where its log ends, which is cheap there, while its log itself would have to be read from
 * the worker's place on. Source: MariaDB's documentation, "Global Transaction ID", {@code gtid_binlog_pos}.
 */
final class MariaDbWatch implements SourceWatch {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** The last transaction of each domain, by commas: domain, server and number. */
    private static final String END = "SELECT @@GLOBAL.gtid_binlog_pos";

    private final Followed followed;
    private final Supplier<Optional<String>> reached;
    private volatile boolean ended;

    /** @param reached the place up to which the warehouse has everything; empty when that is not known */
    MariaDbWatch(Followed followed, Supplier<Optional<String>> reached) {
        this.followed = followed;
        this.reached = reached;
    }

    @Override
    public boolean hasChanged() throws SQLException, InterruptedException {
        try (Connection connection = new MariaDbSource(followed.source()).open();
                PreparedStatement end = connection.prepareStatement(END)) {
            while (!ended && isAt(end)) {
                Thread.sleep(PAUSE);
            }
        }
        return !ended;
    }

    /** Whether the log ends where the warehouse is. */
    private boolean isAt(PreparedStatement end) throws SQLException {
        try (ResultSet row = end.executeQuery()) {
            row.next();
            Set<String> now = domains(row.getString(1));
            return reached.get().map(place -> domains(place).equals(now)).orElse(false);
        }
    }

    private static Set<String> domains(String place) {
        return Arrays.stream(place.split(","))
                .map(String::strip)
                .filter(domain -> !domain.isEmpty())
                .collect(Collectors.toSet());
    }

    /** A blocked read ends when its thread is interrupted, as is each of a virtual one. */
    @Override
    public void end() {
        ended = true;
    }
}
