package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.wire.WireForm;
import java.net.URI;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AddClientIdToOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.AddClientIdToOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.CreateOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.CreateOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.DeleteOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.DeleteOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.ListOpenIdConnectProvidersResponse;
import software.amazon.awssdk.services.iam.model.OpenIDConnectProviderListEntry;
import software.amazon.awssdk.services.iam.model.RemoveClientIdFromOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.RemoveClientIdFromOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.UpdateOpenIdConnectProviderThumbprintRequest;
import software.amazon.awssdk.services.iam.model.UpdateOpenIdConnectProviderThumbprintResponse;

/**
 * Identity providers (OpenID Connect) whose tokens STS accepts. Other than on AWS, a provider's URL may be plain http, for
 * issuers in the house.
 */
final class OidcProviders {
    private static final int MOST_CLIENTS = 100;
    private static final int MOST_THUMBPRINTS = 5;
    private static final int MOST = 100;

    private final Resources<GetOpenIdConnectProviderResponse> providers;
    private final InstantSource clock;

    OidcProviders(Database database, Events events, InstantSource clock) {
        WireForm<GetOpenIdConnectProviderResponse> form =
                WireForm.of(GetOpenIdConnectProviderResponse.class, GetOpenIdConnectProviderResponse::builder);
        providers = new Resources<>(database, events, ResourceType.of("iam:oidc-provider", form::encode, form::decode));
        this.clock = clock;
    }

    int count(String account) {
        return providers
                .list(IdentityStore.scope(account), "", "", Resources.ALL)
                .items()
                .size();
    }

    CreateOpenIdConnectProviderResponse create(Call call, CreateOpenIdConnectProviderRequest request) {
        String account = call.scope().account();
        String url = url(request.url());
        String name = url.replaceFirst("^https?://", "");
        checkClients(request.clientIDList());
        checkThumbprints(request.thumbprintList());
        GetOpenIdConnectProviderResponse provider = GetOpenIdConnectProviderResponse.builder()
                .url(url)
                .clientIDList(request.clientIDList())
                .thumbprintList(request.thumbprintList())
                .createDate(clock.instant().truncatedTo(ChronoUnit.SECONDS))
                .tags(TagList.valid(request.tags()))
                .build();
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(account);
            if (providers.find(tx, scope, name).isPresent()) {
                throw IamErrors.exists("Provider with url " + url);
            }
            if (providers.list(tx, scope, "", "", MOST).items().size() >= MOST) {
                throw IamErrors.limitExceeded("OpenIdConnectProvidersPerAccount", MOST);
            }
            providers.insert(tx, scope, name, provider, Map.of());
            return CreateOpenIdConnectProviderResponse.builder()
                    .openIDConnectProviderArn(arn(account, name))
                    .tags(provider.tags())
                    .build();
        });
    }

    private static String arn(String account, String name) {
        return "arn:aws:iam::" + account + ":oidc-provider/" + name;
    }

    private static String url(@Nullable String url) {
        String value = Members.required("url", url);
        try {
            URI uri = URI.create(value);
            boolean valid = ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && uri.getUserInfo() == null
                    && value.length() <= 255;
            if (valid) {
                return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
            }
        } catch (IllegalArgumentException e) {
            throw IamErrors.validation(
                    "Invalid Open ID Connect Provider URL %s: %s", value, String.valueOf(e.getMessage()));
        }
        throw IamErrors.validation("Invalid Open ID Connect Provider URL %s", value);
    }

    private static void checkClients(List<String> clients) {
        if (clients.size() > MOST_CLIENTS) {
            throw IamErrors.limitExceeded("ClientIdsPerOpenIdConnectProvider", MOST_CLIENTS);
        }
        for (String client : clients) {
            Members.longest("clientID", Members.required("clientID", client), 255);
        }
    }

    private static void checkThumbprints(List<String> thumbprints) {
        if (thumbprints.size() > MOST_THUMBPRINTS) {
            throw IamErrors.invalidInput("Thumbprint list must contain fewer than %d entries.", MOST_THUMBPRINTS + 1);
        }
        for (String thumbprint : thumbprints) {
            if (!thumbprint.matches("[0-9A-Fa-f]{40}")) {
                throw Members.failed("thumbprint", thumbprint, "Member must have length 40");
            }
        }
    }

    GetOpenIdConnectProviderResponse get(Call call, @Nullable String providerArn) {
        String account = call.scope().account();
        String arn = Members.arn("openIDConnectProviderArn", providerArn);
        GetOpenIdConnectProviderResponse provider = providers
                .find(IdentityStore.scope(account), name(account, arn))
                .map(Stored::value)
                .orElseThrow(() -> noSuch(arn));
        // As on AWS, the URL is shown without its scheme, unless that is the unusual one.
        return provider.toBuilder()
                .url(provider.url().replaceFirst("^https://", ""))
                .build();
    }

    /** A provider's tags, for decisions; none when it is not there. */
    List<Tag> tags(String account, String arn) {
        String prefix = arn(account, "");
        return arn.startsWith(prefix)
                ? providers
                        .find(IdentityStore.scope(account), arn.substring(prefix.length()))
                        .map(found -> found.value().tags())
                        .orElse(List.of())
                : List.of();
    }

    private static String name(String account, String arn) {
        String prefix = arn(account, "");
        if (!arn.startsWith(prefix)) {
            throw noSuch(arn);
        }
        return arn.substring(prefix.length());
    }

    private static RuntimeException noSuch(String arn) {
        return IamErrors.noSuch("OpenIDConnect Provider not found for arn " + arn);
    }

    ListOpenIdConnectProvidersResponse list(Call call) {
        String account = call.scope().account();
        return ListOpenIdConnectProvidersResponse.builder()
                .openIDConnectProviderList(
                        providers.list(IdentityStore.scope(account), "", "", Resources.ALL).items().stream()
                                .map(stored -> OpenIDConnectProviderListEntry.builder()
                                        .arn(arn(account, stored.name()))
                                        .build())
                                .toList())
                .build();
    }

    /** Idempotent. */
    DeleteOpenIdConnectProviderResponse delete(Call call, DeleteOpenIdConnectProviderRequest request) {
        String account = call.scope().account();
        String arn = Members.arn("openIDConnectProviderArn", request.openIDConnectProviderArn());
        return call.commit(tx -> {
            var found = providers.find(tx, IdentityStore.scope(account), name(account, arn));
            if (found.isPresent()) {
                providers.delete(tx, found.get());
            }
            return DeleteOpenIdConnectProviderResponse.builder().build();
        });
    }

    UpdateOpenIdConnectProviderThumbprintResponse updateThumbprint(
            Call call, UpdateOpenIdConnectProviderThumbprintRequest request) {
        checkThumbprints(request.thumbprintList());
        return change(
                call,
                request.openIDConnectProviderArn(),
                provider -> provider.toBuilder()
                        .thumbprintList(request.thumbprintList())
                        .build(),
                UpdateOpenIdConnectProviderThumbprintResponse.builder().build());
    }

    /** Idempotent. */
    AddClientIdToOpenIdConnectProviderResponse addClient(Call call, AddClientIdToOpenIdConnectProviderRequest request) {
        String client = Members.required("clientID", request.clientID());
        return change(
                call,
                request.openIDConnectProviderArn(),
                provider -> {
                    List<String> clients = new ArrayList<>(provider.clientIDList());
                    if (!clients.contains(client)) {
                        clients.add(client);
                    }
                    checkClients(clients);
                    return provider.toBuilder().clientIDList(clients).build();
                },
                AddClientIdToOpenIdConnectProviderResponse.builder().build());
    }

    /** Idempotent. */
    RemoveClientIdFromOpenIdConnectProviderResponse removeClient(
            Call call, RemoveClientIdFromOpenIdConnectProviderRequest request) {
        return change(
                call,
                request.openIDConnectProviderArn(),
                provider -> {
                    List<String> clients = new ArrayList<>(provider.clientIDList());
                    clients.remove(request.clientID());
                    return provider.toBuilder().clientIDList(clients).build();
                },
                RemoveClientIdFromOpenIdConnectProviderResponse.builder().build());
    }

    <R> R tag(Call call, @Nullable String providerArn, UnaryOperator<List<Tag>> change, R response) {
        return change(
                call,
                providerArn,
                provider ->
                        provider.toBuilder().tags(change.apply(provider.tags())).build(),
                response);
    }

    private <R> R change(
            Call call,
            @Nullable String providerArn,
            UnaryOperator<GetOpenIdConnectProviderResponse> change,
            R response) {
        String account = call.scope().account();
        String arn = Members.arn("openIDConnectProviderArn", providerArn);
        return call.commit(tx -> {
            Stored<GetOpenIdConnectProviderResponse> provider = providers
                    .find(tx, IdentityStore.scope(account), name(account, arn))
                    .orElseThrow(() -> noSuch(arn));
            providers.update(tx, provider.with(change.apply(provider.value())));
            return response;
        });
    }
}
