package dev.groundplane.agent;

import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.identity.Activation;
import dev.groundplane.agent.identity.Enrollment;
import dev.groundplane.agent.identity.EnrollmentRefused;
import dev.groundplane.agent.identity.FleetIdentity;
import dev.groundplane.agent.identity.Presence;
import dev.groundplane.agent.identity.RotatingCredentials;
import dev.groundplane.agent.journal.TaskJournal;
import dev.groundplane.agent.link.ControlPlaneLink;
import dev.groundplane.agent.link.HealthReporter;
import dev.groundplane.agent.link.InstanceDescription;
import dev.groundplane.agent.link.MessageChannel;
import dev.groundplane.agent.link.Registration;
import dev.groundplane.agent.link.RegistrationRefused;
import dev.groundplane.agent.link.StateReporter;
import dev.groundplane.agent.link.WebSocketConnector;
import dev.groundplane.agent.metadata.RoleCredentialsStore;
import dev.groundplane.agent.retry.Reachability;
import dev.groundplane.agent.task.Hooks;
import dev.groundplane.agent.task.Tasks;
import dev.groundplane.agent.task.Timers;
import dev.groundplane.agent.task.Uptime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One agent of a {@link Fleet}, put together as {@link Agent} puts itself together. */
final class FleetMember {
    private static final String CLUSTER = "default";
    private static final String VERSION = "0.1.0";

    private final Fleet fleet;
    private final Path directory;

    FleetMember(Fleet fleet, Path directory) {
        this.fleet = fleet;
        this.directory = directory;
    }

    /** Registers, and is connected for as long as the process lives. */
    void run(Activation activation) {
        try {
            var link = link(activation);
            link.run();
        } catch (IOException | EnrollmentRefused | RegistrationRefused e) {
            throw new IllegalStateException("no member of the fleet: " + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ControlPlaneLink link(Activation activation) throws IOException, EnrollmentRefused, InterruptedException {
        fleet.registering().acquire();
        try {
            DurableFiles.ensureDirectory(directory, "rwx------");
            DurableFiles.ensureDirectory(directory.resolve("tasks"), "rwx------");
            var identity = directory.resolve("identity.json");
            FleetIdentity.create(identity);
            var enrollment = new Enrollment(fleet.http(), fleet.endpoints(), Fleet.REGION, fleet.clock(), identity);
            enrollment.enroll(Optional.of(activation));
            var credentials = new RotatingCredentials(enrollment, fleet.clock());
            credentials.resolveCredentials();
            new Presence(enrollment, credentials, fleet.endpoints(), VERSION).start();
            return link(credentials);
        } finally {
            fleet.registering().release();
        }
    }

    private ControlPlaneLink link(RotatingCredentials credentials) throws IOException {
        var ecs = new AwsClients(fleet.endpoints(), fleet.http(), credentials, fleet.clock()).ecs(Fleet.REGION);
        var reachability = new Reachability();
        var health = new HealthReporter();
        var clock = InstantSource.system();
        var journal = new TaskJournal(directory.resolve("tasks"), directory.resolve("journal"), clock, "boot");
        var tasks = new Tasks(
                journal,
                new Drivers(List.of(new NothingDriver(fleet))),
                Hooks.offline(),
                new StateReporter(ecs, CLUSTER, reachability),
                health,
                reachability,
                Uptime.ofHost(),
                clock,
                Timers.real());
        var name = directory.getFileName().toString();
        var description = new InstanceDescription(
                1024, 1024, List.of(), VERSION, name, List.of(Drivers.HOST), List.of(), Map.of());
        var registration = new Registration(ecs, CLUSTER, description, directory.resolve("instance.json"));
        var connector = new WebSocketConnector(fleet.sockets(), credentials, Fleet.REGION, fleet.clock(), VERSION);
        return new ControlPlaneLink(
                ecs,
                registration,
                (endpoint, instance) -> new Counted(connector.connect(endpoint, instance)),
                tasks,
                health,
                new RoleCredentialsStore(),
                reachability);
    }

    /** A channel that counts while it is open. */
    private final class Counted implements MessageChannel {
        private final MessageChannel channel;

        Counted(MessageChannel channel) {
            this.channel = channel;
            fleet.connected(1);
        }

        @Override
        public void send(String text) throws IOException, InterruptedException {
            channel.send(text);
        }

        @Override
        public Optional<String> receive(Duration limit) throws InterruptedException {
            return channel.receive(limit);
        }

        @Override
        public boolean ping(Duration limit) throws InterruptedException {
            return channel.ping(limit);
        }

        @Override
        public void close() {
            fleet.connected(-1);
            channel.close();
        }
    }
}
