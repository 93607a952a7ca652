package dev.groundplane.platform.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Keeps SQLite's native library beside the database. The driver would otherwise copy it into the temporary directory at
 * every start and leave it there when the process is killed.
 */
final class SqliteLibrary {
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";

    private SqliteLibrary() {}

    /** Puts the library into {@code directory} unless it is there, and tells the driver. The first call decides. */
    static synchronized void provide(Path directory) throws IOException {
        if (System.getProperty(PATH) != null) {
            return;
        }
        String name = LibraryLoaderUtil.getNativeLibName();
        Path version = directory.resolve(SQLiteJDBCLoader.getVersion());
        Path library = version.resolve(name);
        if (!Files.exists(library)) {
            Files.createDirectories(version);
            Path copy = Files.createTempFile(version, "library", ".tmp");
            String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
            try (InputStream content = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
                if (content == null) {
                    throw new FileNotFoundException(
                            "the SQLite driver has no library " + resource + " for this system");
                }
                Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(copy, library, StandardCopyOption.ATOMIC_MOVE);
        }
        System.setProperty(PATH, version.toString());
        System.setProperty(NAME, name);
    }
}
