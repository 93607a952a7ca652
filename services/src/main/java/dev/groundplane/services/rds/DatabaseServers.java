package dev.groundplane.services.rds;

import java.util.List;
import java.util.Optional;

/**
 * Runs PostgreSQL servers and keeps their files. Each method may be repeated, after a crash too, and may block for as long as it
 * copies files. What is not yet so is asked for again. Thread-safe.
 */
public interface DatabaseServers {
    /** The versions of PostgreSQL that there are, the oldest first, one of each major version. */
    List<String> versions();

    /**
     * Has a server run as it is described.
     *
     * @return the version that answers when it runs so; empty while it does not yet
     */
    Optional<String> run(DatabaseServer server);

    /**
     * Has a server not run; its files stay.
     *
     * @return whether it does not run
     */
    boolean stop(String id);

    /** Removes the files of a server that does not run; nothing when there are none. */
    void remove(String id);

    /**
     * Copies what a server has, as it is at a moment meanwhile; nothing when that was done before.
     *
     * @param id of a server that does not run, if {@code running} is empty
     * @param running the server that runs
     * @param copy names the copy
     */
    void copy(String id, Optional<DatabaseServer> running, String copy);

    /** Has a server that has never run begin with what a copy has; nothing when it has files already. */
    void restore(String copy, String id);

    /** Removes a copy; nothing when there is none. */
    void removeCopy(String copy);

    /** The password of {@link #ADMINISTRATOR} in a server, which no other server has. */
    String administratorPassword(String id);

    /** The superuser that Groundplane has in each server. */
    String ADMINISTRATOR = "rdsadmin";

    /** A database that each server has, which belongs to {@link #ADMINISTRATOR}. */
    String ADMINISTRATION = "rdsadmin";
}
