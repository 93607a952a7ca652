package dev.groundplane.server.cli;

import dev.groundplane.server.DurationSetting;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** For how long nobody must say anything to a workgroup until its worker ends. */
final class WarehouseOption {
    private static final String NAME = "--warehouse-sleeps-after";

    @Option(
            names = NAME,
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "for how long nobody must say anything to a workgroup of the warehouse until its worker"
                    + " ends, such as 90s or 5m (default: ${DEFAULT-VALUE})")
    private String text = "";

    /** @throws dev.groundplane.platform.GroundplaneException when it is no duration, or less than a second */
    Duration sleepsAfter() {
        return DurationSetting.of(NAME, text);
    }

    /** The option as another process takes it. */
    List<String> arguments() {
        return List.of(NAME, text);
    }
}
