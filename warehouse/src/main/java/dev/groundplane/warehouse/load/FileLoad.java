package dev.groundplane.warehouse.load;

import dev.groundplane.warehouse.storage.Staging;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** How the rows of files come into a table. For one command and thread. */
interface FileLoad {
    /**
     * Loads files that are staged.
     *
     * @param area where it may write files of its own
     * @return how many rows were loaded
     * @throws LoadFailed when there are more bad rows than allowed
     * @throws SQLException when the engine cannot
     */
    long load(List<StagedFile> files, Staging.Area area) throws SQLException, IOException;
}
