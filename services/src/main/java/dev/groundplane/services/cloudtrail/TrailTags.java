package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTagParameterException;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.ResourceTag;
import software.amazon.awssdk.services.cloudtrail.model.Tag;
import software.amazon.awssdk.services.cloudtrail.model.TagsLimitExceededException;

/** The tags of trails. Source: AWS CloudTrail API Reference, AddTags, ListTags and RemoveTags. */
final class TrailTags {
    private static final int MAX_TAGS = 50;
    private static final int MAX_KEY = 128;
    private static final int MAX_VALUE = 256;

    private final TrailStore store;

    TrailTags(TrailStore store) {
        this.store = store;
    }

    AddTagsResponse add(Call call, AddTagsRequest request) {
        return call.commit(tx -> {
            TrailState trail = require(call.scope(), request.resourceId());
            TrailState present = store.requireHome(tx, trail.scope(), trail.arn());
            TrailState tagged = present;
            for (Map.Entry<String, String> extra :
                    added(present.stored().extra(), request.tagsList()).entrySet()) {
                tagged = tagged.with(extra.getKey(), extra.getValue());
            }
            store.update(tx, tagged);
            return AddTagsResponse.builder().build();
        });
    }

    RemoveTagsResponse remove(Call call, RemoveTagsRequest request) {
        return call.commit(tx -> {
            TrailState trail = require(call.scope(), request.resourceId());
            TrailState left = store.requireHome(tx, trail.scope(), trail.arn());
            for (Tag tag : request.tagsList()) {
                left = left.with(TrailState.TAG + tag.key(), null);
            }
            store.update(tx, left);
            return RemoveTagsResponse.builder().build();
        });
    }

    ListTagsResponse list(Call call, ListTagsRequest request) {
        List<ResourceTag> tags = new ArrayList<>();
        for (String arn : request.resourceIdList()) {
            tags.add(ResourceTag.builder()
                    .resourceId(arn)
                    .tagsList(tags(require(call.scope(), arn)))
                    .build());
        }
        return ListTagsResponse.builder().resourceTagList(tags).build();
    }

    private static List<Tag> tags(TrailState trail) {
        List<Tag> tags = new ArrayList<>();
        new TreeMap<>(trail.stored().extra()).forEach((extra, value) -> {
            if (extra.startsWith(TrailState.TAG)) {
                tags.add(Tag.builder()
                        .key(extra.substring(TrailState.TAG.length()))
                        .value(value)
                        .build());
            }
        });
        return tags;
    }

    /** Tags belong to a trail's ARN, wherever the call is. */
    private TrailState require(Scope scope, @Nullable String arn) {
        TrailName name = TrailName.of(scope, arn);
        Optional<TrailState> trail =
                name.byArn() ? store.find(new TrailKey(name.scope(), name.name())) : Optional.empty();
        return trail.orElseThrow(() -> name.byArn()
                ? ResourceNotFoundException.builder()
                        .message("Resource %s not found.".formatted(arn))
                        .build()
                : TrailErrors.invalidArn(String.valueOf(arn)));
    }

    /** The extras of a trail with further tags. */
    static Map<String, String> added(Map<String, String> extra, List<Tag> tags) {
        Map<String, String> all = new HashMap<>(extra);
        for (Tag tag : tags) {
            String key = Objects.requireNonNullElse(tag.key(), "");
            String value = Objects.requireNonNullElse(tag.value(), "");
            if (key.isEmpty() || key.length() > MAX_KEY || key.startsWith("aws:") || value.length() > MAX_VALUE) {
                throw InvalidTagParameterException.builder()
                        .message(
                                "The tag '%s' is invalid: a key has 1 to %d characters and does not begin with aws:, a value"
                                                .formatted(key, MAX_KEY)
                                        + " has %d at the most".formatted(MAX_VALUE))
                        .build();
            }
            all.put(TrailState.TAG + key, value);
        }
        long count =
                all.keySet().stream().filter(k -> k.startsWith(TrailState.TAG)).count();
        if (count > MAX_TAGS) {
            throw TagsLimitExceededException.builder()
                    .message("A trail can have %d tags, these would be %d".formatted(MAX_TAGS, count))
                    .build();
        }
        return all;
    }
}
