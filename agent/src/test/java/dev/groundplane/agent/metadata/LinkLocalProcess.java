package dev.groundplane.agent.metadata;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;

/** What {@link LinkLocalNetworkTest} runs in network namespaces: the endpoint, or somebody who asks it. */
public final class LinkLocalProcess {
    private LinkLocalProcess() {}

    /** {@code serve DIRECTORY} prints the URI of a container's credentials and answers until its input ends; {@code ask URI}. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        switch (arguments[0]) {
            case "serve" -> serve(Path.of(arguments[1]));
            case "ask" -> ask(URI.create(arguments[1]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void serve(Path data) throws IOException {
        try (var scenario = new EndpointScenario(data, Optional.of(LinkLocalAddress.of("169.254.170.2")))) {
            scenario.runTaskWithRole();
            var base = scenario.endpoint.forContainers().map(URI::toString).orElse("nowhere");
            System.out.println(base + scenario.credentialsUri().getPath());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static void ask(URI uri) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            System.out.println(response.statusCode() + " " + response.body());
        }
    }
}
