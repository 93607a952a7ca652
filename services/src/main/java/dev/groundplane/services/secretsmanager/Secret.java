package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.store.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

/**
 * A secret as it is stored, without its values.
 *
 * @param stored AWS's model of it, which also says what labels its versions carry; the extras hold when it is removed
 */
record Secret(Stored<SecretListEntry> stored) {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";

    private static final int SUFFIX_LENGTH = "-AbCdEf".length();

    String name() {
        return stored.name();
    }

    String arn() {
        return stored.value().arn();
    }

    /** Whether an id means this secret: its name, its ARN, or its ARN without the hyphen and six characters at its end. */
    boolean answersTo(String id) {
        return id.equals(name()) || id.equals(arn()) || id.equals(arn().substring(0, arn().length() - SUFFIX_LENGTH));
    }

    /** The text of its resource policy. */
    Optional<String> policy() {
        return Optional.ofNullable(stored.extra().get(SecretStore.POLICY));
    }

    /** Whether it is scheduled for deletion. */
    boolean deleted() {
        return stored.value().deletedDate() != null;
    }

    /** When it may be removed for good; empty when it is not scheduled for deletion. */
    Optional<Instant> removal() {
        return Optional.ofNullable(stored.extra().get(SecretStore.EXPIRES))
                .map(text -> Instant.ofEpochMilli(Long.parseLong(text)));
    }

    /** The labels of each version that has any. */
    Map<String, List<String>> stages() {
        return stored.value().secretVersionsToStages();
    }

    List<String> stagesOf(String versionId) {
        return stages().getOrDefault(versionId, List.of());
    }

    /** The version that carries the label. */
    Optional<String> versionAt(String stage) {
        return stages().entrySet().stream()
                .filter(e -> e.getValue().contains(stage))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    Secret with(SecretListEntry value) {
        return new Secret(stored.with(value));
    }

    /**
     * The secret with a label moved to a version, from whichever has it. Where AWSCURRENT leaves, AWSPREVIOUS goes, as AWS
     * documents.
     */
    Secret withStage(String stage, String versionId) {
        Optional<String> before = versionAt(stage);
        if (before.filter(versionId::equals).isPresent()) {
            return this;
        }
        Map<String, List<String>> changed = withoutStage(stages(), stage);
        add(changed, stage, versionId);
        if (stage.equals(CURRENT) && before.isPresent()) {
            changed = withoutStage(changed, PREVIOUS);
            add(changed, PREVIOUS, before.get());
        }
        return withStages(changed);
    }

    /** The secret with no version that carries the label. */
    Secret withoutStage(String stage) {
        return withStages(withoutStage(stages(), stage));
    }

    private Secret withStages(Map<String, List<String>> stages) {
        return with(stored.value().toBuilder().secretVersionsToStages(stages).build());
    }

    private static Map<String, List<String>> withoutStage(Map<String, List<String>> stages, String stage) {
        Map<String, List<String>> changed = new LinkedHashMap<>();
        stages.forEach((version, labels) -> {
            List<String> left = labels.stream().filter(l -> !l.equals(stage)).toList();
            if (!left.isEmpty()) {
                changed.put(version, left);
            }
        });
        return changed;
    }

    private static void add(Map<String, List<String>> stages, String stage, String versionId) {
        List<String> labels = new ArrayList<>(stages.getOrDefault(versionId, List.of()));
        labels.add(stage);
        stages.put(versionId, labels);
    }
}
