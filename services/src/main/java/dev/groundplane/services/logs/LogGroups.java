package dev.groundplane.services.logs;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatchlogs.model.TooManyTagsException;

/** The log groups of every account and region. Thread-safe. */
final class LogGroups {
    private static final WireForm<LogGroup> WIRE = WireForm.of(LogGroup.class, LogGroup::builder);
    private static final ResourceType<LogGroup> TYPE = ResourceType.of("logs:log-group", WIRE::encode, WIRE::decode);

    private static final int PAGE = 51;

    /** A part of a listing; {@code next} is the name after which the next part begins. */
    record Listing(List<Group> groups, Optional<String> next) {}

    private final Resources<LogGroup> resources;

    LogGroups(Database database, Events events) {
        this.resources = new Resources<>(database, events, TYPE);
    }

    void create(Transaction transaction, Scope scope, String name, Map<String, String> tags, Instant now)
            throws SQLException {
        if (resources.find(transaction, scope, name).isPresent()) {
            throw ResourceAlreadyExistsException.builder()
                    .message("The specified log group already exists")
                    .build();
        }
        String arn = scope.arn("logs", "log-group:" + name);
        LogGroup group = LogGroup.builder()
                .logGroupName(name)
                .creationTime(now.toEpochMilli())
                .metricFilterCount(0)
                .arn(arn + ":*")
                .logGroupArn(arn)
                .logGroupClass(LogGroupClass.STANDARD)
                .build();
        Map<String, String> extra = new HashMap<>();
        extra.put(Group.ID, Long.toString(LogSchema.nextId(transaction)));
        tags.forEach((key, value) -> extra.put(Group.TAG + key, value));
        resources.insert(transaction, scope, name, group, extra);
    }

    Optional<Group> find(Scope scope, String name) {
        return resources.find(scope, name).map(Group::new);
    }

    /** @throws ResourceNotFoundException when there is no such group */
    Group require(Scope scope, String name) {
        return find(scope, name).orElseThrow(LogGroups::notFound);
    }

    /** @throws ResourceNotFoundException when the transaction sees no such group */
    Group require(Transaction transaction, Scope scope, String name) throws SQLException {
        return resources.find(transaction, scope, name).map(Group::new).orElseThrow(LogGroups::notFound);
    }

    /**
     * The name in a group's name or ARN, with or without {@code :*}.
     *
     * @throws ResourceNotFoundException for an ARN of another account, region or kind
     */
    static String name(Scope scope, String identifier) {
        if (!Arns.isArn(identifier)) {
            return identifier;
        }
        String prefix = scope.arn("logs", "log-group:");
        if (!identifier.startsWith(prefix)) {
            throw notFound();
        }
        String name = identifier.substring(prefix.length());
        return name.endsWith(":*") ? name.substring(0, name.length() - 2) : name;
    }

    /** Lists in order of names those that begin with {@code prefix} and contain {@code part}. */
    Listing list(Scope scope, String prefix, String part, String after, int limit) {
        List<Group> found = new ArrayList<>();
        Optional<String> next = Optional.of(after);
        while (next.isPresent()) {
            Page<LogGroup> page = resources.list(scope, prefix, next.get(), PAGE);
            for (Stored<LogGroup> stored : page.items()) {
                if (stored.name().contains(part)) {
                    if (found.size() == limit) {
                        return new Listing(
                                found, Optional.of(found.get(limit - 1).name()));
                    }
                    found.add(new Group(stored));
                }
            }
            next = page.next();
        }
        return new Listing(found, Optional.empty());
    }

    /** Every group of every account and region. */
    List<Group> all() {
        return resources.all().stream().map(Group::new).toList();
    }

    /** Sets how long events are kept; null for ever. */
    void retain(Transaction transaction, Group group, @Nullable Integer days) throws SQLException {
        LogGroup changed = group.value().toBuilder().retentionInDays(days).build();
        resources.update(transaction, group.stored().with(changed));
    }

    /** @throws TooManyTagsException when the group would have more than 50 */
    void tag(Transaction transaction, Group group, Map<String, String> tags) throws SQLException {
        Stored<LogGroup> stored = group.stored();
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            stored = stored.withExtra(Group.TAG + tag.getKey(), tag.getValue());
        }
        if (new Group(stored).tags().size() > Parameters.MAX_TAGS) {
            throw TooManyTagsException.builder()
                    .message("A log group can have at most %d tags.".formatted(Parameters.MAX_TAGS))
                    .resourceName(group.name())
                    .build();
        }
        resources.update(transaction, stored);
    }

    void untag(Transaction transaction, Group group, List<String> keys) throws SQLException {
        Stored<LogGroup> stored = group.stored();
        for (String key : keys) {
            stored = stored.withExtra(Group.TAG + key, null);
        }
        resources.update(transaction, stored);
    }

    void delete(Transaction transaction, Group group) throws SQLException {
        resources.delete(transaction, group.stored());
    }

    private static ResourceNotFoundException notFound() {
        return ResourceNotFoundException.builder()
                .message("The specified log group does not exist.")
                .build();
    }
}
