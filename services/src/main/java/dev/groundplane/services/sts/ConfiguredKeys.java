package dev.groundplane.services.sts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWKSet;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of identity providers from a file, for installations that may not call out: a JSON object of JWK sets
 * (RFC 7517) by the issuer's URL. It is read again when it was written anew. Thread-safe.
 */
public final class ConfiguredKeys {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final @Nullable Path file;
    private @Nullable FileTime written;
    private Map<String, JWKSet> sets = Map.of();

    private ConfiguredKeys(@Nullable Path file) {
        this.file = file;
    }

    /** No file: every issuer is asked. */
    public static ConfiguredKeys none() {
        return new ConfiguredKeys(null);
    }

    /**
     * The keys in a file.
     *
     * @throws GroundplaneException when it cannot be read or is malformed
     */
    public static ConfiguredKeys in(Path file) {
        ConfiguredKeys keys = new ConfiguredKeys(file);
        try {
            keys.refresh(file);
        } catch (IOException e) {
            throw new GroundplaneException(ErrorKind.USER_ERROR, "the keys of issuers cannot be read: " + e, e);
        }
        return keys;
    }

    /**
     * The keys of an issuer; empty when the file does not name it, which is then asked.
     *
     * @param url the issuer
     * @throws IOException when the file cannot be read or is malformed
     */
    synchronized Optional<JWKSet> find(String url) throws IOException {
        if (file != null) {
            refresh(file);
        }
        return Optional.ofNullable(sets.get(withoutSlash(url)));
    }

    private void refresh(Path from) throws IOException {
        FileTime time = Files.getLastModifiedTime(from);
        if (time.equals(written)) {
            return;
        }
        JsonNode issuers = JSON.readTree(Files.readString(from));
        if (!issuers.isObject()) {
            throw new IOException("%s must be a JSON object of JWK sets by the issuer's URL".formatted(from));
        }
        Map<String, JWKSet> read = new HashMap<>();
        for (Map.Entry<String, JsonNode> issuer : issuers.properties()) {
            try {
                read.put(
                        withoutSlash(issuer.getKey()),
                        JWKSet.parse(issuer.getValue().toString()));
            } catch (ParseException e) {
                throw new IOException(
                        "%s: what it has for %s is no JWK set: %s".formatted(from, issuer.getKey(), e.getMessage()), e);
            }
        }
        sets = Map.copyOf(read);
        written = time;
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
