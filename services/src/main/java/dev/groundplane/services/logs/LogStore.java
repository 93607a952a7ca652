package dev.groundplane.services.logs;

import dev.groundplane.platform.store.Database;
import java.time.InstantSource;

/** What every call works on. Thread-safe; lives as long as {@link Logs}. */
record LogStore(
        Database database,
        LogGroups groups,
        LogStreams streams,
        LogEvents events,
        HostStreams hostStreams,
        InstantSource clock) {}
