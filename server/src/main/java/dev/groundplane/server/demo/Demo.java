package dev.groundplane.server.demo;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.local.Connection;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.Detached;
import dev.groundplane.server.local.RunningProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs the bank pipeline with a progress display and tells what it found and where to look. */
public final class Demo {
    private static final int STEPS = 12;

    private final DataDirectory data;
    private final Path home;
    private final int port;
    private final PrintStream out;

    /**
     * @param data the installation; started when it does not run
     * @param home where Groundplane is installed
     * @param port for an installation that is not running yet
     * @param out where progress and the summary go
     */
    public Demo(DataDirectory data, Path home, int port, PrintStream out) {
        this.data = data;
        this.home = home;
        this.port = port;
        this.out = out;
    }

    /**
     * Runs every step.
     *
     * @throws dev.groundplane.platform.GroundplaneException when one cannot be done
     */
    public void run() throws IOException, InterruptedException {
        // The control plane listens in the second host's network only when it is started for it.
        Optional<HostNetwork> network =
                RunningProcess.controlPlane(data).isPresent() ? Optional.empty() : HostNetwork.make();
        try {
            run(network);
        } finally {
            if (network.isPresent()) {
                network.get().close();
            }
        }
    }

    private void run(Optional<HostNetwork> network) throws IOException, InterruptedException {
        Instant begin = Instant.now();
        step(1, new Platform(network));
        Workspace workspace = Workspace.of(data, home, Connection.of(data));
        MarketData market = new MarketData(workspace);
        AirflowSetup airflow = new AirflowSetup(workspace);
        RiskWorkflow risk = new RiskWorkflow(workspace, airflow);
        BankWarehouse bank = new BankWarehouse(workspace.connection());
        WarehouseWorkflow warehouse = new WarehouseWorkflow(workspace, airflow, bank);
        TradingDatabase trading = new TradingDatabase(workspace, bank);
        QuoteFeed quotes = new QuoteFeed(workspace, bank);
        TradingDay day = new TradingDay(market, trading, quotes, bank);
        PositionsWorkflow positions = new PositionsWorkflow(workspace, airflow, bank);
        TwoHosts twoHosts = new TwoHosts(workspace, airflow);
        try (SecondHost second = new SecondHost(workspace, home, network)) {
            List<Step> steps =
                    List.of(market, airflow, risk, bank, warehouse, trading, quotes, day, positions, second, twoHosts);
            for (int i = 0; i < steps.size(); i++) {
                step(i + 2, steps.get(i));
            }
        }
        AuditSummary audit = AuditSummary.since(begin, workspace);
        out.printf(Locale.ROOT, "%nThe bank pipeline ran in %.1f s.%n%n", seconds(begin));
        out.printf("  market data   %s%n", market.summary());
        out.printf("  risk          %s%n", risk.finding().summary());
        out.printf("  ran as        %s%n", risk.finding().task());
        out.printf("  warehouse     %s%n", lines(warehouse.summary()));
        out.printf("  by itself     %s%n", day.summary());
        out.printf("  positions     %s%n", lines(positions.summary()));
        out.printf("  two hosts     %s%n", twoHosts.summary());
        out.printf("  audit trail   %s%n", audit.summary());
        out.printf("%nLook around%n%n");
        out.printf("  eval \"$(./groundplane env --data %s)\"%n", data.root());
        out.printf("  %s%n", warehouse.command());
        out.printf("  aws ecs list-tasks --desired-status STOPPED%n");
        out.printf("  aws logs filter-log-events --log-group-name %s%n", RiskWorkflow.LOG_GROUP);
        out.printf(
                "  aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=RunTask%n");
        out.printf("  less %s      # Airflow's own log of the run%n", workspace.log("airflow"));
        out.printf("  ./groundplane down --data %s%n", data.root());
    }

    private void step(int number, Step step) throws IOException, InterruptedException {
        Instant begin = Instant.now();
        out.printf("[%d/%d] %s ... ", number, STEPS, step.title());
        out.flush();
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            out.println("failed");
            throw e;
        } catch (SQLException e) {
            out.println("failed");
            throw new GroundplaneException(ErrorKind.EXTERNAL, String.valueOf(e.getMessage()), e);
        }
        out.printf(Locale.ROOT, "done (%.1f s)%n", seconds(begin));
    }

    private static String lines(List<String> summary) {
        return String.join("%n                ".formatted(), summary);
    }

    private static double seconds(Instant begin) {
        return Duration.between(begin, Instant.now()).toMillis() / 1000.0;
    }

    private final class Platform implements Step {
        private final List<String> options;

        Platform(Optional<HostNetwork> network) {
            options = network.isPresent() ? List.of("--listen", HostNetwork.address()) : List.of();
        }

        @Override
        public String title() {
            return "start the platform and the agent of this host";
        }

        @Override
        public void run() {
            Detached.start(data, home, port, options);
        }
    }
}
