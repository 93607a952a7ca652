package dev.groundplane.services.glue;

import dev.groundplane.services.integration.SourceEngine;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The database that a JDBC connection is of. Source: AWS Glue User Guide, "AWS Glue connection properties".
 *
 * @param database its name; where there are no schemas, also what its tables are of
 * @param secret the name or ARN of the secret that has {@code username} and {@code password}
 * @param verified whether the server must show a certificate of its name
 * @param certificate the S3 URI of the authority that vouches for it; empty for those that Java knows
 */
record DatabaseAddress(
        SourceEngine engine,
        String host,
        int port,
        String database,
        String secret,
        boolean verified,
        Optional<String> certificate) {
    private static final Set<String> PROPERTIES = Set.of(
            "HOST",
            "PORT",
            "JDBC_ENGINE",
            "DATABASE",
            "JDBC_CONNECTION_URL",
            "SECRET_ID",
            "JDBC_ENFORCE_SSL",
            "CUSTOM_JDBC_CERT");
    private static final Pattern URL =
            Pattern.compile("jdbc:([a-z]+)://(\\[[^\\]]*\\]|[^:/?#]+):([0-9]{1,5})/([^?#&]+)");
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}\\]");
    private static final Pattern DATABASE = Pattern.compile("[^\\p{Cntrl}\\s.,*/]{1,64}");
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads properties.
     *
     * @throws software.amazon.awssdk.services.glue.model.InvalidInputException when they are not those of a database that can be
     *     followed; values that may be secrets are not told
     */
    static DatabaseAddress of(@Nullable String type, Map<String, String> properties) {
        if (!"JDBC".equals(type)) {
            throw GlueErrors.invalid(
                    "ConnectionType '%s' is not implemented by Groundplane; use JDBC.", String.valueOf(type));
        }
        if (properties.containsKey("USERNAME") || properties.containsKey("PASSWORD")) {
            throw GlueErrors.invalid(
                    "USERNAME and PASSWORD are not implemented by Groundplane, which keeps credentials in Secrets Manager"
                            + " only; name a secret with username and password in SECRET_ID.");
        }
        properties.keySet().stream()
                .filter(key -> !PROPERTIES.contains(key))
                .sorted()
                .findFirst()
                .ifPresent(key -> {
                    throw GlueErrors.invalid(
                            "ConnectionProperties.%s is not implemented by Groundplane; leave it out.", key);
                });
        boolean verified = flag(properties, "JDBC_ENFORCE_SSL");
        Optional<String> certificate = Optional.ofNullable(properties.get("CUSTOM_JDBC_CERT"));
        if (certificate.isPresent() && !verified) {
            throw GlueErrors.invalid("CUSTOM_JDBC_CERT needs JDBC_ENFORCE_SSL to be true.");
        }
        String url = properties.get("JDBC_CONNECTION_URL");
        Place place = url == null ? parts(properties) : parts(url, properties);
        return new DatabaseAddress(
                engine(place.engine),
                host(place.host),
                port(place.port),
                database(place.database),
                required(properties, "SECRET_ID"),
                verified,
                certificate);
    }

    /** As it is given. */
    private record Place(String engine, String host, String port, String database) {}

    private static SourceEngine engine(String given) {
        return SourceEngine.titled(given)
                .orElseThrow(() -> GlueErrors.invalid(
                        "JDBC_ENGINE '%s' is not implemented by Groundplane; only postgresql, mariadb and mysql are.",
                        given));
    }

    private static Place parts(Map<String, String> properties) {
        return new Place(
                required(properties, "JDBC_ENGINE"),
                required(properties, "HOST"),
                required(properties, "PORT"),
                required(properties, "DATABASE"));
    }

    private static Place parts(String url, Map<String, String> properties) {
        for (String other : new String[] {"HOST", "PORT", "DATABASE", "JDBC_ENGINE"}) {
            if (properties.containsKey(other)) {
                throw GlueErrors.invalid("%s cannot be given together with JDBC_CONNECTION_URL.", other);
            }
        }
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) { // it may have a password
            throw GlueErrors.invalid(
                    "JDBC_CONNECTION_URL must be jdbc:ENGINE://HOST:PORT/DATABASE, without anything behind it; ENGINE is"
                            + " postgresql, mariadb or mysql.");
        }
        return new Place(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4));
    }

    private static String required(Map<String, String> properties, String key) {
        String value = properties.get(key);
        if (value == null || value.isBlank()) {
            throw GlueErrors.invalid(
                    "ConnectionProperties.%s is required: HOST, PORT, DATABASE and JDBC_ENGINE, or JDBC_CONNECTION_URL; and"
                            + " SECRET_ID.",
                    key);
        }
        return value;
    }

    private static boolean flag(Map<String, String> properties, String key) {
        String value = Objects.requireNonNullElse(properties.get(key), "false");
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw GlueErrors.invalid("%s '%s' must be true or false.", key, value);
        }
        return value.equalsIgnoreCase("true");
    }

    private static String host(String given) {
        if (!NAME.matcher(given).matches() && !IPV6.matcher(given).matches()) {
            throw GlueErrors.invalid("HOST '%s' must be a host's name or address, an IPv6 one in brackets.", given);
        }
        return given;
    }

    private static int port(String given) {
        int port = given.matches("[0-9]{1,5}") ? Integer.parseInt(given) : 0;
        if (port < 1 || port > HIGHEST_PORT) {
            throw GlueErrors.invalid("PORT '%s' must be from 1 to %d.", given, HIGHEST_PORT);
        }
        return port;
    }

    private static String database(String given) {
        if (!DATABASE.matcher(given).matches()) {
            throw GlueErrors.invalid(
                    "DATABASE '%s' must be a database's name, of 1 to 64 characters without '.', ',', '*', '/' and spaces.",
                    given);
        }
        return given;
    }

    /** Whether the server is on this machine, so that nobody else sees what goes over the connection. */
    boolean isHere() {
        return host.equals("localhost") || host.matches("127\\.[0-9]+\\.[0-9]+\\.[0-9]+") || host.equals("[::1]");
    }
}
