package dev.groundplane.server.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An Airflow of the demo's own: a virtual environment from frozen requirements and a database. */
final class AirflowSetup implements Step {
    private final Workspace workspace;

    AirflowSetup(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String title() {
        return "prepare Airflow (some minutes the first time)";
    }

    @Override
    public void run() throws IOException, InterruptedException {
        workspace.run("airflow-setup", command(), Map.of());
    }

    /** The command line that becomes {@code airflow ARGUMENTS}; without arguments it only prepares. */
    List<String> command(String... arguments) {
        Path directory = workspace.directory().resolve("airflow");
        List<String> command = new ArrayList<>(List.of(
                "python3",
                workspace.examples().resolve("airflow/local_airflow.py").toString(),
                "--home",
                directory.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
