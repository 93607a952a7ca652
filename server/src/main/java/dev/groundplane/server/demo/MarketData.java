package dev.groundplane.server.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Brings in the index history and puts the risk program beside it, where host tasks can read both. */
final class MarketData implements Step {
    private static final List<String> INDICES = List.of("sp500", "nasdaq");
    private static final int CLOSE = 4; // day, open, high, low, close, ...

    private final Workspace workspace;

    MarketData(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String title() {
        return "bring in real market data";
    }

    @Override
    public void run() throws IOException, InterruptedException {
        Files.createDirectories(workspace.risk());
        Files.setPosixFilePermissions(workspace.risk(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path airflow = workspace.examples().resolve("airflow");
        workspace.run(
                "market-data",
                List.of(
                        "python3",
                        airflow.resolve("fetch_market_data.py").toString(),
                        "--to",
                        workspace.risk().toString()),
                Map.of());
        Path program = workspace.risk().resolve("var.py");
        Files.copy(airflow.resolve("var.py"), program, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** What was brought in. */
    String summary() throws IOException {
        List<String> lines = Files.readAllLines(workspace.risk().resolve("sp500.csv"));
        return String.format(
                Locale.ROOT,
                "%,d daily closes of the S&P 500, %s to %s",
                lines.size() - 1,
                day(lines.get(1)),
                day(lines.getLast()));
    }

    /** The last close of each index. */
    Map<String, Double> lastCloses() throws IOException {
        Map<String, Double> closes = new TreeMap<>();
        for (String index : INDICES) {
            String last =
                    Files.readAllLines(workspace.risk().resolve(index + ".csv")).getLast();
            closes.put(index, Double.valueOf(last.split(",", -1)[CLOSE]));
        }
        return closes;
    }

    private static String day(String line) {
        return line.substring(0, line.indexOf(','));
    }
}
