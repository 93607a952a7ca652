package dev.groundplane.services.ssm;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.LabelParameterVersionRequest;
import software.amazon.awssdk.services.ssm.model.LabelParameterVersionResponse;
import software.amazon.awssdk.services.ssm.model.ParameterHistory;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.ParameterVersionLabelLimitExceededException;
import software.amazon.awssdk.services.ssm.model.UnlabelParameterVersionRequest;
import software.amazon.awssdk.services.ssm.model.UnlabelParameterVersionResponse;

/** Labels of parameters' versions: each is on one version of its parameter at the most. */
final class ParameterLabels {
    private static final int MAX = 10;
    private static final Pattern FORM = Pattern.compile("[a-zA-Z_.\\-][a-zA-Z0-9_.\\-]{0,99}");

    private final ParameterStore store;

    ParameterLabels(ParameterStore store) {
        this.store = store;
    }

    /** Moves labels to a version and names those that cannot be labels. Idempotent. */
    LabelParameterVersionResponse label(Call call, LabelParameterVersionRequest request) {
        List<String> invalid =
                request.labels().stream().filter(l -> !isLabel(l)).toList();
        List<String> labels = request.labels().stream()
                .filter(ParameterLabels::isLabel)
                .distinct()
                .toList();
        return call.commit(tx -> {
            Stored<ParameterHistory> target = version(tx, call, request.name(), request.parameterVersion());
            List<String> all = new ArrayList<>(target.value().labels());
            labels.stream().filter(l -> !all.contains(l)).forEach(all::add);
            if (all.size() > MAX) {
                throw ParameterVersionLabelLimitExceededException.builder()
                        .message(
                                "A parameter version can have maximum %d labels. Move one or more labels to another version"
                                                .formatted(MAX)
                                        + " and try again.")
                        .build();
            }
            for (Stored<ParameterHistory> other :
                    store.versions(tx, call.scope(), target.value().name())) {
                boolean isTarget = other.name().equals(target.name());
                List<String> left = isTarget
                        ? all
                        : other.value().labels().stream()
                                .filter(l -> !labels.contains(l))
                                .toList();
                change(tx, other, left);
            }
            return LabelParameterVersionResponse.builder()
                    .invalidLabels(invalid)
                    .parameterVersion(target.value().version())
                    .build();
        });
    }

    /** Takes labels off a version and names those that it does not have. */
    UnlabelParameterVersionResponse unlabel(Call call, UnlabelParameterVersionRequest request) {
        return call.commit(tx -> {
            Stored<ParameterHistory> target = version(tx, call, request.name(), request.parameterVersion());
            List<String> has = target.value().labels();
            change(
                    tx,
                    target,
                    has.stream().filter(l -> !request.labels().contains(l)).toList());
            return UnlabelParameterVersionResponse.builder()
                    .removedLabels(
                            request.labels().stream().filter(has::contains).toList())
                    .invalidLabels(request.labels().stream()
                            .filter(l -> !has.contains(l))
                            .toList())
                    .build();
        });
    }

    private void change(Transaction tx, Stored<ParameterHistory> version, List<String> labels) throws SQLException {
        if (!labels.equals(version.value().labels())) {
            store.versions()
                    .update(
                            tx,
                            version.with(
                                    version.value().toBuilder().labels(labels).build()));
        }
    }

    private Stored<ParameterHistory> version(
            Transaction tx, Call call, @Nullable String nameOrArn, @Nullable Long version) throws SQLException {
        String name = ParameterName.selection(call.scope(), nameOrArn).name();
        Stored<ParameterMetadata> parameter =
                store.find(tx, call.scope(), name).orElseThrow(() -> ParameterErrors.notFound(name));
        long number = version == null ? parameter.value().version() : version;
        return store.versions()
                .find(tx, call.scope(), ParameterStore.key(parameter.name(), number))
                .orElseThrow(() -> ParameterErrors.versionNotFound(Long.toString(number), name));
    }

    private static boolean isLabel(String label) {
        String lower = label.toLowerCase(Locale.ROOT);
        return FORM.matcher(label).matches() && !lower.startsWith("aws") && !lower.startsWith("ssm");
    }
}
