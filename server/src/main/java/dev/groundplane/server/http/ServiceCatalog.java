package dev.groundplane.server.http;

import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.sigv4.Signature;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The services behind the front door, by signing name. Immutable. */
public final class ServiceCatalog {
    private final Map<String, ServiceEndpoint> bySigningName;

    /** @param endpoints each service once; signing names are taken from {@link ServiceEndpoint#actionPrefix} */
    public ServiceCatalog(List<ServiceEndpoint> endpoints) {
        bySigningName = endpoints.stream()
                .collect(Collectors.toUnmodifiableMap(ServiceEndpoint::actionPrefix, Function.identity()));
    }

    /** Every service. */
    public List<ServiceEndpoint> endpoints() {
        return List.copyOf(bySigningName.values());
    }

    /** @throws NoSuchElementException when there is no such service */
    public ServiceEndpoint require(String signingName) {
        return Optional.ofNullable(bySigningName.get(signingName)).orElseThrow();
    }

    Optional<ServiceEndpoint> find(Signature signature) {
        return Optional.ofNullable(bySigningName.get(signature.service()));
    }

    /** The service of an unsigned request, as well as it can be told. */
    Optional<ServiceEndpoint> guess(WireRequest request) {
        String target = request.header("x-amz-target").orElse("");
        String form = request.rawQuery() + "&"
                + new String(request.body(), 0, Math.min(request.body().length, 500), StandardCharsets.UTF_8);
        return bySigningName.values().stream()
                .filter(e -> target.startsWith(e.hint() + ".") || form.contains("Version=" + e.hint()))
                .findFirst();
    }
}
