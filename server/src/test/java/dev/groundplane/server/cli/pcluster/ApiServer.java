package dev.groundplane.server.cli.pcluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.groundplane.server.local.Connection;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.sigv4.Signature;
import dev.groundplane.wire.sigv4.SignatureVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that answers as it was told, and only who signs as ParallelCluster's API demands it. */
final class ApiServer implements AutoCloseable {
    private static final String SECRET = "the root's secret";

    private final HttpServer http;
    private final Map<String, Deque<Told>> told = new HashMap<>();
    private final SignatureVerifier verifier = new SignatureVerifier(InstantSource.system());

    /** What was asked, in order. */
    final List<Asked> asked = new CopyOnWriteArrayList<>();

    private record Told(int status, String body) {}

    /**
     * A request.
     *
     * @param target its path and query as sent
     */
    record Asked(String method, String target, String body) {}

    ApiServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    Connection connection() {
        String endpoint = "http://127.0.0.1:" + http.getAddress().getPort();
        return new Connection(endpoint, "us-east-1", "123456789012", "AKIAROOT", SECRET, null);
    }

    /** What to answer; told several times, one after the other, and the last one for ever. */
    synchronized ApiServer tell(String method, String path, int status, String body) {
        told.computeIfAbsent(method + " " + path, key -> new ArrayDeque<>()).add(new Told(status, body));
        return this;
    }

    private synchronized Told next(HttpExchange exchange) {
        Deque<Told> answers = told.getOrDefault(
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(), new ArrayDeque<>());
        return answers.size() > 1
                ? answers.remove()
                : Optional.ofNullable(answers.peek()).orElse(new Told(404, "{\"message\":\"not told\"}"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            WireRequest request = request(exchange);
            asked.add(new Asked(
                    request.method(),
                    exchange.getRequestURI().toString(),
                    new String(request.body(), StandardCharsets.UTF_8)));
            Told answer = isSigned(request) ? next(exchange) : new Told(403, "{\"message\":\"not signed\"}");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private boolean isSigned(WireRequest request) {
        try {
            Signature signature = Signature.of(request).orElseThrow();
            verifier.verify(request, signature, SECRET);
            return signature.service().equals("execute-api")
                    && signature.region().equals("us-east-1");
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static WireRequest request(HttpExchange exchange) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        return new WireRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
                headers,
                exchange.getRequestBody().readAllBytes());
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
