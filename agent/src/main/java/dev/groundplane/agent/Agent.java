package dev.groundplane.agent;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.driver.TaskDriver;
import dev.groundplane.agent.driver.container.ContainerDriver;
import dev.groundplane.agent.driver.container.Engine;
import dev.groundplane.agent.driver.container.EngineSettings;
import dev.groundplane.agent.driver.container.Engines;
import dev.groundplane.agent.driver.container.PodmanService;
import dev.groundplane.agent.driver.container.PullBehavior;
import dev.groundplane.agent.driver.host.HostDriver;
import dev.groundplane.agent.driver.host.HostFeatures;
import dev.groundplane.agent.driver.host.HostProbe;
import dev.groundplane.agent.identity.ControlPlaneClock;
import dev.groundplane.agent.identity.Enrollment;
import dev.groundplane.agent.identity.EnrollmentRefused;
import dev.groundplane.agent.identity.Presence;
import dev.groundplane.agent.identity.PrivateTrust;
import dev.groundplane.agent.identity.RotatingCredentials;
import dev.groundplane.agent.journal.TaskJournal;
import dev.groundplane.agent.link.ControlPlaneLink;
import dev.groundplane.agent.link.HealthReporter;
import dev.groundplane.agent.link.InstanceDescription;
import dev.groundplane.agent.link.Registration;
import dev.groundplane.agent.link.RegistrationRefused;
import dev.groundplane.agent.link.StateReporter;
import dev.groundplane.agent.link.WebSocketConnector;
import dev.groundplane.agent.logs.CloudWatchLogSink;
import dev.groundplane.agent.logs.LogWatch;
import dev.groundplane.agent.metadata.ContainerStats;
import dev.groundplane.agent.metadata.LinkLocalAddress;
import dev.groundplane.agent.metadata.MetadataEndpoint;
import dev.groundplane.agent.metadata.MetadataHook;
import dev.groundplane.agent.metadata.MetadataHook.Surroundings;
import dev.groundplane.agent.metadata.RoleCredentialsStore;
import dev.groundplane.agent.retry.Reachability;
import dev.groundplane.agent.secrets.SecretStores;
import dev.groundplane.agent.task.Hooks;
import dev.groundplane.agent.task.LogDelivery;
import dev.groundplane.agent.task.Tasks;
import dev.groundplane.agent.task.Timers;
import dev.groundplane.agent.task.Uptime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the agent's parts together. */
final class Agent {
    private static final Logger log = LoggerFactory.getLogger(Agent.class);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String CLOCK_OFFSET = "groundplane.agent.clock-offset";
    private static final String VERSION = "0.1.0";
    private static final long BYTES_PER_MIB = 1024L * 1024L;
    /** Containers with networks of their own can have task roles, too. */
    private static final String ROLES_OF_CONTAINERS = "com.amazonaws.ecs.capability.task-iam-role";

    private static final int UNITS_PER_CPU = 1024;
    /** A batch in memory takes a few MiB until it is sent. */
    private static final int BATCHES_IN_MEMORY = 3;

    private final DataDirectory data;
    private final InstantSource clock = InstantSource.system();

    Agent(DataDirectory data) {
        this.data = data;
    }

    /**
     * Runs until the process is told to end; the tasks live on.
     *
     * @throws EnrollmentRefused when this host cannot be registered with the control plane
     * @throws RegistrationRefused when this host cannot be in the cluster
     */
    void run(AgentSettings settings) throws IOException, InterruptedException, EnrollmentRefused, RegistrationRefused {
        data.writePid();
        var time = new ControlPlaneClock(hostClock());
        var trust = trust(settings);
        var http = AwsClients.http(time, settings.endpoints(), trust);
        var enrollment = new Enrollment(http, settings.endpoints(), settings.region(), time, data.identityFile());
        enrollment.enroll(settings.activation());
        var features = probe(settings.privilegedAllowed());
        var credentials = new RotatingCredentials(enrollment, time);
        var clients = new AwsClients(settings.endpoints(), http, credentials, time);
        var engine = engines().find(settings.containerEngine());
        var ecs = clients.ecs(settings.region());
        var reachability = new Reachability();
        var journal = journal();
        var logs = new LogDelivery(
                new CloudWatchLogSink(clients::logs, settings.region(), clock),
                new LogWatch(),
                new Semaphore(BATCHES_IN_MEMORY),
                clock,
                reachability,
                settings.logBoundMiB() * BYTES_PER_MIB);
        var reports = new StateReporter(ecs, settings.cluster(), reachability);
        var health = new HealthReporter();
        var metadata = MetadataEndpoint.open(data.path(), settings.metadataAddress());
        var surroundings = new Surroundings(settings.region(), settings.taskEndpoint(), authoritiesOfTasks(settings));
        var roleCredentials = new RoleCredentialsStore();
        var secrets = new SecretStores(clients::secrets, roleCredentials::executionRole, settings.region());
        var hooks = Hooks.all(journal, logs, secrets)
                .and((task, container) -> new MetadataHook(metadata, surroundings, task, container));
        var drivers = drivers(features, engine, settings);
        var tasks = new Tasks(
                journal, drivers, hooks, reports, health, reachability, Uptime.ofHost(), clock, Timers.real());
        var description = description(settings, metadata.port(), engine);
        var registration = new Registration(ecs, settings.cluster(), description, data.instanceFile());
        var tls = trust.isPresent() ? Optional.of(trust.get().context()) : Optional.<SSLContext>empty();
        var connector =
                new WebSocketConnector(WebSocketConnector.client(tls), credentials, settings.region(), time, VERSION);
        var link = new ControlPlaneLink(ecs, registration, connector, tasks, health, roleCredentials, reachability);
        var presence = new Presence(enrollment, credentials, settings.endpoints(), VERSION);
        closeAtExit(link, presence);
        tasks.recover();
        metadata.serve(tasks::view, roleCredentials, new ContainerStats(handle -> process(drivers, handle), clock));
        log.info(
                "agent {} runs with {} tasks of an earlier one",
                settings.name(),
                tasks.arns().size());
        presence.start();
        link.run();
    }

    /** For tests of hosts whose clock is wrong: setting the real one would harm the machine. */
    private static Clock hostClock() {
        return Clock.offset(Clock.systemUTC(), Duration.parse(System.getProperty(CLOCK_OFFSET, "PT0S")));
    }

    private static Optional<PrivateTrust> trust(AgentSettings settings) throws IOException {
        var file = settings.certificateAuthorities();
        return file.isPresent() ? Optional.of(PrivateTrust.of(file.get())) : Optional.empty();
    }

    /** Those of another endpoint are not this agent's to know. */
    private static Optional<Path> authoritiesOfTasks(AgentSettings settings) {
        return settings.taskEndpoint()
                        .get()
                        .filter(settings.endpoints()::contains)
                        .isPresent()
                ? settings.certificateAuthorities().map(Path::toAbsolutePath)
                : Optional.empty();
    }

    /** Stops all tasks that a former agent process left and returns when they have ended. */
    void stopTasks() throws IOException, InterruptedException {
        var drivers = new ArrayList<TaskDriver>(List.of(new HostDriver(data.path(), data.tasks(), probe(true))));
        var engine = engines().remembered();
        if (engine.isPresent()) {
            drivers.add(containers(engine.get(), PullBehavior.DEFAULT, true));
        }
        // No report can be delivered without a control plane: the next run derives them from the journal.
        var never = new CountDownLatch(1);
        var tasks = new Tasks(
                journal(),
                new Drivers(drivers),
                Hooks.offline(),
                report -> never.await(),
                new HealthReporter(),
                new Reachability(),
                Uptime.ofHost(),
                clock,
                Timers.real());
        tasks.recoverAndStop();
        log.info("{} tasks have ended", tasks.arns().size());
        podman().end();
    }

    private HostFeatures probe(boolean privilegedAllowed) throws IOException, InterruptedException {
        var features = HostProbe.probe(data.path(), privilegedAllowed);
        if (!features.leftOut().isEmpty()) {
            log.warn("left out on this host: {}", String.join("; ", features.leftOut()));
        }
        return features;
    }

    private Drivers drivers(HostFeatures features, Optional<Engines.Found> engine, AgentSettings settings)
            throws IOException {
        var drivers = new ArrayList<TaskDriver>(List.of(new HostDriver(data.path(), data.tasks(), features)));
        if (engine.isPresent()) {
            log.info("containers run in the engine at {}", engine.get().engine().socket());
            drivers.add(containers(engine.get().engine(), settings.pullBehavior(), settings.privilegedAllowed()));
        }
        return new Drivers(drivers);
    }

    private PodmanService podman() {
        return new PodmanService(data.path(), PodmanService.optionsHere());
    }

    private Engines engines() {
        return new Engines(data.path(), podman(), System.getenv());
    }

    private ContainerDriver containers(Engine engine, PullBehavior pulls, boolean privilegedAllowed)
            throws IOException {
        return new ContainerDriver(engine, data.tasks(), EngineSettings.here(pulls, privilegedAllowed));
    }

    private static OptionalLong process(Drivers drivers, DriverHandle handle) {
        try {
            return drivers.forHandle(handle).inspect(handle) instanceof Inspection.Running running
                    ? OptionalLong.of(running.pid())
                    : OptionalLong.empty();
        } catch (StartFailure e) {
            return OptionalLong.empty();
        }
    }

    private TaskJournal journal() throws IOException {
        var bootId = Files.readString(BOOT_ID).strip();
        return new TaskJournal(data.tasks(), data.journalFile(), clock, bootId);
    }

    private static InstanceDescription description(
            AgentSettings settings, int metadataPort, Optional<Engines.Found> engine) throws IOException {
        var cpus = settings.cpus().orElse(Runtime.getRuntime().availableProcessors());
        var memory = settings.memoryMiB().isPresent()
                ? settings.memoryMiB().getAsInt()
                : InstanceDescription.hostMemoryMiB();
        var attributes = new LinkedHashMap<>(settings.attributes());
        if (settings.metadataAddress().filter(LinkLocalAddress::isAttainable).isPresent()) {
            attributes.put(ROLES_OF_CONTAINERS, "");
        }
        var reserved = new ArrayList<>(settings.reservedPorts());
        reserved.add(metadataPort);
        return new InstanceDescription(
                cpus * UNITS_PER_CPU,
                memory,
                reserved,
                VERSION,
                settings.name(),
                engine.isPresent() ? List.of(Drivers.HOST, Drivers.CONTAINER) : List.of(Drivers.HOST),
                engine.map(Engines.Found::capabilities).orElse(List.of()),
                attributes);
    }

    private void closeAtExit(ControlPlaneLink link, Presence presence) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            presence.close();
            link.close();
            try {
                data.close();
            } catch (IOException e) {
                log.warn("cannot let go of {}", data.path(), e);
            }
        }));
    }
}
