package dev.groundplane.services.warehouse;

import dev.groundplane.pgwire.ScramVerifier;
import java.util.Optional;

/**
 * Who administers a warehouse, and which roles it has.
 *
 * @param user the administrator's name
 * @param verifier of the administrator's password, if there is one
 */
public record Administration(String user, Optional<ScramVerifier> verifier, NamespaceRoles roles) {}
