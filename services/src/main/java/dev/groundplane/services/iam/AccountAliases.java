package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.CreateAccountAliasRequest;
import software.amazon.awssdk.services.iam.model.CreateAccountAliasResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccountAliasRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccountAliasResponse;
import software.amazon.awssdk.services.iam.model.ListAccountAliasesResponse;

/** Names of accounts, one each, unlike all others of the installation. */
final class AccountAliases {
    private static final Scope GLOBAL = new Scope("", "");
    private static final String BY_ACCOUNT = "account";
    private static final Pattern FORM = Pattern.compile("[a-z0-9](([a-z0-9]|-(?!-))*[a-z0-9])?");

    private final Resources<String> aliases;

    AccountAliases(Database database, Events events) {
        aliases = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "iam:account-alias", text -> text, text -> text, (value, extra) -> Map.of(BY_ACCOUNT, value)));
    }

    Optional<String> of(String account) {
        return aliases.namesByIndex(GLOBAL, BY_ACCOUNT, account).stream().findFirst();
    }

    private static String alias(@Nullable String alias) {
        String value = Members.required("accountAlias", alias);
        if (value.length() < 3 || value.length() > 63 || !FORM.matcher(value).matches()) {
            throw Members.failed(
                    "accountAlias",
                    value,
                    "Member must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$");
        }
        return value;
    }

    /** A new alias takes the place of the one before. */
    CreateAccountAliasResponse create(Call call, CreateAccountAliasRequest request) {
        String alias = alias(request.accountAlias());
        String account = call.scope().account();
        return call.commit(tx -> {
            Optional<Stored<String>> taken = aliases.find(tx, GLOBAL, alias);
            if (taken.isPresent()) {
                throw IamErrors.exists("The account alias " + alias);
            }
            for (Stored<String> before : aliases.listByIndex(tx, GLOBAL, BY_ACCOUNT, account, "", Resources.ALL)
                    .items()) {
                aliases.delete(tx, before);
            }
            aliases.insert(tx, GLOBAL, alias, account, Map.of());
            return CreateAccountAliasResponse.builder().build();
        });
    }

    DeleteAccountAliasResponse delete(Call call, DeleteAccountAliasRequest request) {
        String alias = alias(request.accountAlias());
        return call.commit(tx -> {
            Stored<String> stored = aliases.find(tx, GLOBAL, alias)
                    .filter(found -> found.value().equals(call.scope().account()))
                    .orElseThrow(
                            () -> IamErrors.noSuch("The account alias with name %s cannot be found.".formatted(alias)));
            aliases.delete(tx, stored);
            return DeleteAccountAliasResponse.builder().build();
        });
    }

    ListAccountAliasesResponse list(Call call) {
        return ListAccountAliasesResponse.builder()
                .accountAliases(of(call.scope().account()).map(List::of).orElse(List.of()))
                .isTruncated(false)
                .build();
    }
}
