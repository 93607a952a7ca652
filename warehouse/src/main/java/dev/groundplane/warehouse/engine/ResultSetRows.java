package dev.groundplane.warehouse.engine;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows with values of any type, as JDBC gives them. */
final class ResultSetRows implements EngineRows {
    private final ResultSet rows;

    /** @param rows closed with this */
    ResultSetRows(ResultSet rows) {
        this.rows = rows;
    }

    @Override
    public boolean next() throws SQLException {
        return rows.next();
    }

    @Override
    public boolean isNull(int column) throws SQLException {
        rows.getObject(column);
        return rows.wasNull();
    }

    @Override
    public boolean getBoolean(int column) throws SQLException {
        return rows.getBoolean(column);
    }

    @Override
    public short getShort(int column) throws SQLException {
        return rows.getShort(column);
    }

    @Override
    public int getInt(int column) throws SQLException {
        return rows.getInt(column);
    }

    @Override
    public long getLong(int column) throws SQLException {
        return rows.getLong(column);
    }

    @Override
    public float getFloat(int column) throws SQLException {
        return rows.getFloat(column);
    }

    @Override
    public double getDouble(int column) throws SQLException {
        return rows.getDouble(column);
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
        return rows.getBigDecimal(column);
    }

    @Override
    public @Nullable LocalDate getDate(int column) throws SQLException {
        return rows.getObject(column, LocalDate.class);
    }

    @Override
    public @Nullable Long getTime(int column) throws SQLException {
        try {
            var time = rows.getObject(column, LocalTime.class);
            return time == null ? null : time.toNanoOfDay() / 1000;
        } catch (DateTimeException endOfDay) { // the only time of the engine's that is none of Java's
            return Duration.ofDays(1).toNanos() / 1000;
        }
    }

    @Override
    public @Nullable OffsetTime getOffsetTime(int column) throws SQLException {
        return rows.getObject(column, OffsetTime.class);
    }

    @Override
    public @Nullable LocalDateTime getTimestamp(int column) throws SQLException {
        return rows.getObject(column, LocalDateTime.class);
    }

    @Override
    public @Nullable OffsetDateTime getOffsetTimestamp(int column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class);
    }

    @Override
    public @Nullable String getString(int column) throws SQLException {
        return rows.getString(column);
    }

    @Override
    public byte @Nullable [] getBytes(int column) throws SQLException {
        return rows.getBytes(column);
    }

    @Override
    public @Nullable UUID getUuid(int column) throws SQLException {
        return rows.getObject(column, UUID.class);
    }

    @Override
    public void close() throws SQLException {
        rows.close();
    }
}
