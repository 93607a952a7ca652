package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.AddTagsToResourceRequest;
import software.amazon.awssdk.services.rds.model.AddTagsToResourceResponse;
import software.amazon.awssdk.services.rds.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.rds.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.rds.model.RemoveTagsFromResourceRequest;
import software.amazon.awssdk.services.rds.model.RemoveTagsFromResourceResponse;
import software.amazon.awssdk.services.rds.model.Tag;

/** The operations on tags. */
final class Tagging {
    private final TagStore tags;

    Tagging(TagStore tags) {
        this.tags = tags;
    }

    ListTagsForResourceResponse list(Call call, ListTagsForResourceRequest request) {
        String arn = arn(request.resourceName());
        List<Tag> found = tags.find(call.scope(), arn).orElseThrow(() -> RdsErrors.noResource(arn));
        return ListTagsForResourceResponse.builder()
                .tagList(Pages.filtered(found, request.filters(), Map.of()))
                .build();
    }

    AddTagsToResourceResponse add(Call call, AddTagsToResourceRequest request) {
        change(call, arn(request.resourceName()), before -> Tags.added(before, request.tags()));
        return AddTagsToResourceResponse.builder().build();
    }

    RemoveTagsFromResourceResponse remove(Call call, RemoveTagsFromResourceRequest request) {
        change(
                call,
                arn(request.resourceName()),
                before -> before.stream()
                        .filter(tag -> !request.tagKeys().contains(tag.key()))
                        .toList());
        return RemoveTagsFromResourceResponse.builder().build();
    }

    private void change(Call call, String arn, UnaryOperator<List<Tag>> change) {
        call.commit(tx -> {
            if (!tags.change(tx, call.scope(), arn, change)) {
                throw RdsErrors.noResource(arn);
            }
            return arn;
        });
    }

    private static String arn(@Nullable String given) {
        return Objects.requireNonNullElse(given, "");
    }
}
