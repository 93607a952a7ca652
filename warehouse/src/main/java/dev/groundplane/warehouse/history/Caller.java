package dev.groundplane.warehouse.history;

/**
 * Whose statement one is, and from where.
 *
 * @param userId of the user on whose behalf it is carried out
 * @param session the process number that the session goes by
 */
public record Caller(int userId, String user, int session, String database) {}
