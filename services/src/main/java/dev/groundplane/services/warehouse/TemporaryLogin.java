package dev.groundplane.services.warehouse;

import java.util.Optional;

/**
 * What a temporary password lets its owner do.
 *
 * @param name by which a client logs in
 * @param user of the database that it then is
 * @param database the only one that it may connect to; empty for all
 */
public record TemporaryLogin(String name, String user, Optional<String> database) {}
