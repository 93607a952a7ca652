package dev.groundplane.services.ssm;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.InvalidResourceIdException;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.Tag;
import software.amazon.awssdk.services.ssm.model.TooManyTagsErrorException;

/** Tags of parameters, kept as extras that begin with {@code tag:}. */
final class ParameterTags {
    private static final String PREFIX = "tag:";
    private static final int MAX = 50;

    private final ParameterStore store;

    ParameterTags(ParameterStore store) {
        this.store = store;
    }

    static void check(List<Tag> tags) {
        for (Tag tag : tags) {
            boolean validKey = tag.key() != null
                    && !tag.key().isEmpty()
                    && tag.key().length() <= 128
                    && !tag.key().startsWith("aws:");
            if (!validKey || tag.value() == null || tag.value().length() > 256) {
                throw ParameterErrors.invalid(
                        "Tag key '%s' must have 1 to 128 characters and not begin with aws:, its value at most 256.",
                        tag.key());
            }
        }
        if (tags.size() > MAX) {
            throw tooMany();
        }
    }

    private static TooManyTagsErrorException tooMany() {
        return TooManyTagsErrorException.builder()
                .message("A resource can have at most %d tags.".formatted(MAX))
                .build();
    }

    static Map<String, String> extra(List<Tag> tags) {
        Map<String, String> extra = new HashMap<>();
        tags.forEach(tag -> extra.put(PREFIX + tag.key(), tag.value()));
        return extra;
    }

    static List<Tag> of(Stored<?> stored) {
        List<Tag> tags = new ArrayList<>();
        new TreeMap<>(stored.extra()).forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                tags.add(Tag.builder()
                        .key(key.substring(PREFIX.length()))
                        .value(value)
                        .build());
            }
        });
        return tags;
    }

    /** Later tags win over those of the same key. */
    void add(Transaction tx, Call call, @Nullable String name, List<Tag> tags) throws SQLException {
        Stored<ParameterMetadata> changed = require(tx, call, name);
        for (Tag tag : tags) {
            changed = changed.withExtra(PREFIX + tag.key(), tag.value());
        }
        if (of(changed).size() > MAX) {
            throw tooMany();
        }
        store.parameters().update(tx, changed);
    }

    void remove(Transaction tx, Call call, @Nullable String name, List<String> keys) throws SQLException {
        Stored<ParameterMetadata> changed = require(tx, call, name);
        for (String key : keys) {
            changed = changed.withExtra(PREFIX + key, null);
        }
        store.parameters().update(tx, changed);
    }

    List<Tag> list(Call call, @Nullable String name) {
        return of(store.find(call.scope(), String.valueOf(name)).orElseThrow(ParameterTags::unknown));
    }

    private Stored<ParameterMetadata> require(Transaction tx, Call call, @Nullable String name) throws SQLException {
        return store.find(tx, call.scope(), String.valueOf(name)).orElseThrow(ParameterTags::unknown);
    }

    private static InvalidResourceIdException unknown() {
        return InvalidResourceIdException.builder()
                .message("The resource ID is not valid. Verify that you entered the correct ID and try again.")
                .build();
    }
}
