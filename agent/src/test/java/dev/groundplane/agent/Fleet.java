package dev.groundplane.agent;

import dev.groundplane.agent.identity.Activation;
import dev.groundplane.agent.identity.ControlPlaneClock;
import dev.groundplane.agent.identity.Endpoints;
import dev.groundplane.agent.link.WebSocketConnector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Many agents in one process, for the benchmark of how many a control plane bears: each registers, signs, connects and
 * answers as the real one does, with the real one's classes, and only the containers are none. They share what would be a
 * process's own and costs the control plane nothing: the HTTP clients, the clock and the host key.
 *
 * <p>Reads {@code add COUNT ACTIVATION-ID ACTIVATION-CODE} from standard input and ends with it. Tells on standard output
 * {@code connected COUNT MILLIS} whenever that changes and {@code started TASK-ID MILLIS} of each task.
 */
final class Fleet {
    static final String REGION = "us-east-1";
    /** New hosts register so many at a time: what is measured is not their arrival all at once. */
    private static final int AT_ONCE = 16;

    private final Endpoints endpoints;
    private final Path directory;
    private final ControlPlaneClock clock = new ControlPlaneClock(Clock.systemUTC());
    private final SdkHttpClient http;
    private final HttpClient sockets = WebSocketConnector.client(Optional.empty());
    private final Semaphore registering = new Semaphore(AT_ONCE);
    private final AtomicInteger connected = new AtomicInteger();
    private int members;

    private Fleet(URI endpoint, Path directory) {
        this.endpoints = new Endpoints(List.of(endpoint));
        this.directory = directory;
        this.http = AwsClients.http(clock, endpoints, Optional.empty());
    }

    /** @param words the endpoint, and a directory that exists and is empty */
    public static void main(String[] words) throws IOException {
        var fleet = new Fleet(URI.create(words[0]), Path.of(words[1]));
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = commands.readLine(); line != null; line = commands.readLine()) {
            var command = line.split(" ");
            fleet.add(Integer.parseInt(command[1]), new Activation(command[2], command[3]));
        }
        System.exit(0);
    }

    private void add(int count, Activation activation) {
        for (var added = 0; added < count; added++) {
            var member = new FleetMember(this, directory.resolve("agent-" + members++));
            Thread.ofVirtual().start(() -> member.run(activation));
        }
    }

    Endpoints endpoints() {
        return endpoints;
    }

    ControlPlaneClock clock() {
        return clock;
    }

    SdkHttpClient http() {
        return http;
    }

    HttpClient sockets() {
        return sockets;
    }

    Semaphore registering() {
        return registering;
    }

    void connected(int change) {
        tell("connected " + connected.addAndGet(change));
    }

    void started(String task) {
        tell("started " + task);
    }

    private static void tell(String what) {
        System.out.println(what + " " + System.currentTimeMillis());
    }
}
