package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.files.DurableFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;

/** The script that supervises containers, as a file that running supervisors keep open. */
record SupervisorScript(Path file) {
    private static final String RESOURCE = "supervisor.sh";

    /** Copies the script out of the class path, replacing an older one at once. */
    static SupervisorScript install(Path dataDirectory) throws IOException {
        var file = dataDirectory.toAbsolutePath().resolve(RESOURCE);
        try (var resource = SupervisorScript.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new FileNotFoundException(RESOURCE + " is missing from the agent's class path");
            }
            DurableFiles.replace(file, resource.readAllBytes(), DurableFiles.Durability.PROCESS);
        }
        return new SupervisorScript(file);
    }
}
