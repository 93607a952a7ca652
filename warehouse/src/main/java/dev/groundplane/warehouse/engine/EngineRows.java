package dev.groundplane.warehouse.engine;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of what a statement of the engine found, one after the other, before the first at first. Columns count from 1. Numbers
 * and truths of NULL are 0 and false, other values of NULL are null.
 */
public interface EngineRows extends AutoCloseable {
    /** Goes to the next row; false when there is none. */
    boolean next() throws SQLException;

    /** Whether a value is NULL. */
    boolean isNull(int column) throws SQLException;

    boolean getBoolean(int column) throws SQLException;

    short getShort(int column) throws SQLException;

    int getInt(int column) throws SQLException;

    long getLong(int column) throws SQLException;

    float getFloat(int column) throws SQLException;

    double getDouble(int column) throws SQLException;

    @Nullable
    BigDecimal getBigDecimal(int column) throws SQLException;

    @Nullable
    LocalDate getDate(int column) throws SQLException;

    /** Microseconds since midnight of a time, up to and including those of a day. */
    @Nullable
    Long getTime(int column) throws SQLException;

    @Nullable
    OffsetTime getOffsetTime(int column) throws SQLException;

    @Nullable
    LocalDateTime getTimestamp(int column) throws SQLException;

    @Nullable
    OffsetDateTime getOffsetTimestamp(int column) throws SQLException;

    /** Any value as the engine writes it. */
    @Nullable
    String getString(int column) throws SQLException;

    byte @Nullable [] getBytes(int column) throws SQLException;

    @Nullable
    UUID getUuid(int column) throws SQLException;

    @Override
    void close() throws SQLException;
}
