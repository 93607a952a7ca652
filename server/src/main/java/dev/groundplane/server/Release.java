package dev.groundplane.server;

import java.util.Optional;

/** Which release runs. */
final class Release {
    private Release() {}

    /** As the build wrote it into the jar; {@code unpackaged} for classes that are in none. */
    static String version() {
        return Optional.ofNullable(Release.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
    }
}
