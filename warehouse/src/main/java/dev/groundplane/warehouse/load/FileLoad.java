package dev.groundplane.warehouse.load;

import java.sql.SQLException;
import java.util.List;

/** How the rows of files come into a table. For one command and thread. */
interface FileLoad {
    /**
     * Loads files that are staged.
     *
     * @return how many rows were loaded
     * @throws LoadFailed when there are more bad rows than allowed
     * @throws SQLException when the engine cannot
     */
    long load(List<StagedFile> files) throws SQLException;

    /** Removes what it needed while it loaded; called when all files were. A failed transaction takes it along. */
    default void finish() throws SQLException {}
}
