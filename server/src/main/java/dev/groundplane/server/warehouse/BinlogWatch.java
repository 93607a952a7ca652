package dev.groundplane.server.warehouse;

import dev.groundplane.server.binlog.BinlogEndpoint;
import dev.groundplane.services.integration.IntegrationClaims.Followed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Asks a MariaDB or MySQL source again and again where its log ends, which is cheap there, while its log itself would have to be read
 * from the worker's place on. The place of a MariaDB is the last transaction of each domain, of a MySQL file and offset.
 */
final class BinlogWatch implements SourceWatch {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private final Followed followed;
    private final Supplier<Optional<String>> reached;
    private volatile boolean ended;

    /** @param reached the place up to which the warehouse has everything; empty when that is not known */
    BinlogWatch(Followed followed, Supplier<Optional<String>> reached) {
        this.followed = followed;
        this.reached = reached;
    }

    @Override
    public boolean hasChanged() throws SQLException, InterruptedException {
        BinlogEndpoint source = new BinlogEndpoint(followed.source());
        try (Connection connection = source.open();
                PreparedStatement end =
                        connection.prepareStatement(source.dialect().end())) {
            while (!ended && isAt(end, source.dialect().endColumns())) {
                Thread.sleep(PAUSE);
            }
        }
        return !ended;
    }

    /** Whether the log ends where the warehouse is. */
    private boolean isAt(PreparedStatement end, int columns) throws SQLException {
        try (ResultSet row = end.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            List<String> place = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                place.add(row.getString(i));
            }
            Set<String> now = domains(String.join(":", place));
            return reached.get().map(told -> domains(told).equals(now)).orElse(false);
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
