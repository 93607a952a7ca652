package dev.groundplane.server.warehouse;

import dev.groundplane.services.warehouse.Warehouse;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;

/**
 * How a worker is started. Its databases lie in a directory of the control plane's machine, so it runs there.
 *
 * @param home where Groundplane is installed
 * @param directory of all namespaces' directories
 * @param endpoint the control plane's
 * @param authorities whom to trust there, a PEM file; empty for whom Java trusts
 */
public record WorkerCommand(Path home, Path directory, String endpoint, Optional<String> authorities) {
    private static final long MIB = 1024 * 1024;
    /** Of memory for each Redshift processing unit. AWS gives sixteen times as much, on machines that have it. */
    private static final int MIB_PER_UNIT = 1024;

    private static final int JVM_MIB = 320;
    private static final int LEAST_MIB = 512;

    /** The directory of a namespace's databases. */
    Path databases(Warehouse warehouse) {
        return directory.resolve(warehouse.namespaceId());
    }

    /** The file with the secret that the namespace's worker shows to the gateway. */
    Path token(Warehouse warehouse) {
        return directory.resolve(warehouse.namespaceId() + ".token");
    }

    RegisterTaskDefinitionRequest definition(Warehouse warehouse) {
        long memory = Math.max(LEAST_MIB, Math.min((long) warehouse.capacity() * MIB_PER_UNIT, hostMib() / 2));
        return RegisterTaskDefinitionRequest.builder()
                .family("groundplane-warehouse-" + warehouse.namespaceId())
                .containerDefinitions(ContainerDefinition.builder()
                        .name("worker")
                        .image("host")
                        .memory(Math.toIntExact(memory + JVM_MIB))
                        .command(words(warehouse, memory))
                        .logConfiguration(logs(warehouse))
                        .build())
                .build();
    }

    private static LogConfiguration logs(Warehouse warehouse) {
        return LogConfiguration.builder()
                .logDriver(LogDriver.AWSLOGS)
                .options(Map.of(
                        "awslogs-group",
                        warehouse.logGroup(),
                        "awslogs-region",
                        warehouse.scope().region(),
                        "awslogs-stream-prefix",
                        "worker",
                        "awslogs-create-group",
                        "true"))
                .build();
    }

    private List<String> words(Warehouse warehouse, long memory) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + home.resolve("warehouse/target/dist/jvm.options")));
        Path jar = home.resolve("warehouse/target/dist/groundplane-warehouse.jar");
        Path cache = home.resolve("warehouse/target/groundplane-warehouse.aot");
        // Java would load classes of an older jar from it without a word.
        if (cache.toFile().lastModified() > jar.toFile().lastModified()) {
            words.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
        }
        words.addAll(List.of(
                "-jar",
                jar.toString(),
                "--directory",
                databases(warehouse).toString(),
                "--database",
                warehouse.database(),
                "--gateway",
                "127.0.0.1:" + warehouse.port(),
                "--token-file",
                token(warehouse).toString(),
                "--memory-mib",
                Long.toString(memory),
                "--spill-mib",
                Long.toString(10 * memory),
                "--threads",
                Integer.toString(Runtime.getRuntime().availableProcessors()),
                "--endpoint",
                endpoint,
                "--region",
                warehouse.scope().region()));
        authorities.ifPresent(file -> words.addAll(List.of("--authorities", file)));
        return words;
    }

    private static long hostMib() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getTotalMemorySize()
                / MIB;
    }
}
