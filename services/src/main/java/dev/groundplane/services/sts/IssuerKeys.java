package dev.groundplane.services.sts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sts.model.IdpCommunicationErrorException;

/**
 * The public keys of identity providers: configured ones, else from where their discovery documents say. Asked again after five minutes, and for a
 * key that is not known, at most every ten seconds. Redirects are not followed. Source: OpenID Connect Discovery 1.0;
 * RFC 7517. Thread-safe.
 */
final class IssuerKeys {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration BETWEEN = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 100 * 1024;
    private static final int MOST_ISSUERS = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Known(JWKSet keys, Instant read) {}

    private final ConfiguredKeys configured;
    private final InstantSource clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private @Nullable HttpClient http;

    IssuerKeys(ConfiguredKeys configured, InstantSource clock) {
        this.configured = configured;
        this.clock = clock;
    }

    /**
     * A key of an issuer.
     *
     * @param url the issuer
     * @param id the key's id; null when the issuer has but one key
     * @throws IdpCommunicationErrorException when the issuer does not answer, or the file of keys cannot be read
     */
    Optional<JWK> find(String url, @Nullable String id) {
        Optional<JWKSet> fixed = configured(url);
        if (fixed.isPresent()) {
            return key(fixed.get(), id);
        }
        Known before = known.get(url);
        Instant now = clock.instant();
        if (before != null && now.isBefore(before.read().plus(FRESH))) {
            Optional<JWK> key = key(before.keys(), id);
            if (key.isPresent() || now.isBefore(before.read().plus(BETWEEN))) {
                return key;
            }
        }
        JWKSet keys = read(url);
        if (known.size() >= MOST_ISSUERS) {
            known.clear();
        }
        known.put(url, new Known(keys, now));
        return key(keys, id);
    }

    private Optional<JWKSet> configured(String url) {
        try {
            return configured.find(url);
        } catch (IOException e) {
            throw unreachable(url, e.getMessage());
        }
    }

    private static Optional<JWK> key(JWKSet keys, @Nullable String id) {
        return id == null
                ? keys.getKeys().stream().findFirst().filter(key -> keys.size() == 1)
                : Optional.ofNullable(keys.getKeyByKeyId(id));
    }

    private JWKSet read(String url) {
        try {
            JsonNode discovery = JSON.readTree(get(url + "/.well-known/openid-configuration"));
            String place = discovery.path("jwks_uri").asText();
            return JWKSet.parse(get(place));
        } catch (IOException | ParseException | IllegalArgumentException e) {
            throw unreachable(url, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(url, "interrupted");
        }
    }

    private static IdpCommunicationErrorException unreachable(String url, @Nullable String why) {
        return IdpCommunicationErrorException.builder()
                .message("The keys of the identity provider %s could not be read: %s".formatted(url, why))
                .build();
    }

    private String get(String url) throws IOException, InterruptedException {
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
            throw new IOException("'%s' is no http URL".formatted(url));
        }
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
        HttpResponse<InputStream> response = client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("%s answered %d".formatted(url, response.statusCode()));
            }
            byte[] bytes = body.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("%s answered more than %d bytes".formatted(url, MOST_BYTES));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Made with the first use: most installations have no identity provider. */
    private synchronized HttpClient client() {
        HttpClient present = http;
        if (present == null) {
            present = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
            http = present;
        }
        return present;
    }
}
