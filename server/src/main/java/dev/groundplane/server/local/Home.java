package dev.groundplane.server.local;

import java.nio.file.Path;

/** Where Groundplane is installed: the directory of its launcher, which says so. */
public final class Home {
    private Home() {}

    /** The launcher's directory, absolute. */
    public static Path path() {
        return Path.of(System.getProperty("groundplane.home", "."))
                .toAbsolutePath()
                .normalize();
    }
}
