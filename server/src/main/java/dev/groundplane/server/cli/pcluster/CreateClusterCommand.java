package dev.groundplane.server.cli.pcluster;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.cli.pcluster.ApiClient.Answer;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Makes a cluster of a configuration file. A dry run that finds nothing ends with status 0. With {@code --wait} it can be
 * interrupted and run again: a cluster that is there with the same configuration is waited for, not refused.
 */
@Command(
        name = "create-cluster",
        description = "Make a cluster of a configuration file.",
        mixinStandardHelpOptions = true)
final class CreateClusterCommand extends ApiCommand {
    private static final Pattern REGION =
            Pattern.compile("^Region:[ \\t]*(['\"]?)([a-z0-9-]+)\\1[ \\t]*(?:#.*)?$", Pattern.MULTILINE);
    private static final int DRY_RUN = 412;
    private static final int BAD_REQUEST = 400;

    @Mixin
    private ClusterName cluster;

    @Option(
            names = {"-c", "--cluster-configuration"},
            paramLabel = "FILE",
            required = true,
            description = "the configuration, YAML")
    private Path configuration;

    @Option(
            names = "--suppress-validators",
            arity = "1..*",
            paramLabel = "VALIDATOR",
            description = "validators that are not asked: ALL, or type: and a validator's name")
    private List<String> suppressed = List.of();

    @Option(
            names = "--validation-failure-level",
            paramLabel = "LEVEL",
            description =
                    "from which level on a problem is a reason to refuse: ${COMPLETION-CANDIDATES} (default: ERROR)")
    private @Nullable ValidationLevel failureLevel;

    @Option(
            names = "--dryrun",
            arity = "1",
            paramLabel = "BOOLEAN",
            description = "true: only look whether it could be made")
    private @Nullable Boolean dryrun;

    @Option(
            names = "--rollback-on-failure",
            arity = "1",
            paramLabel = "BOOLEAN",
            description = "false: what could not be made stays to be looked at")
    private @Nullable Boolean rollback;

    @Mixin
    private WaitOption wait;

    @Override
    @Nullable
    String defaultRegion() {
        Matcher region = REGION.matcher(text());
        return region.find() ? region.group(2) : null;
    }

    @Override
    int run(ApiClient api, Screen screen) throws InterruptedException {
        String text = text();
        Answer answer = api.createCluster(cluster.value(), text, query());
        if (answer.status() == DRY_RUN) {
            screen.show(answer);
            return 0;
        }
        if (!wait.wanted() || (!answer.ok() && !isThereAlready(api, answer, text))) {
            return screen.show(answer);
        }
        if (answer.ok()) {
            screen.explain(answer);
        }
        return new ClusterWait(api, screen, WaitOption.INTERVAL).untilCreated(cluster.value());
    }

    private Map<String, List<String>> query() {
        Map<String, List<String>> query = new TreeMap<>();
        query.put("suppressValidators", suppressed);
        if (failureLevel != null) {
            query.put("validationFailureLevel", List.of(failureLevel.name()));
        }
        if (dryrun != null) {
            query.put("dryrun", List.of(dryrun.toString()));
        }
        if (rollback != null) {
            query.put("rollbackOnFailure", List.of(rollback.toString()));
        }
        return query;
    }

    private String text() {
        try {
            return Files.readString(configuration);
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR, "cannot read the configuration %s: %s".formatted(configuration, e), e);
        }
    }

    /** Whether it was refused because an earlier run of this command has made it. */
    private boolean isThereAlready(ApiClient api, Answer refusal, String text) throws InterruptedException {
        if (refusal.status() != BAD_REQUEST || refusal.body().has("configurationValidationErrors")) {
            return false;
        }
        Answer description = api.describeCluster(cluster.value());
        return description.ok()
                && content(description.body().at("/clusterConfiguration/url").asText())
                        .filter(text::equals)
                        .isPresent();
    }

    /** What a data URL holds; empty when it is none. Source: RFC 2397. */
    private static Optional<String> content(String url) {
        int comma = url.indexOf(',');
        if (!url.startsWith("data:") || comma < 0) {
            return Optional.empty();
        }
        String data = url.substring(comma + 1);
        return Optional.of(
                url.substring(0, comma).endsWith(";base64")
                        ? new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8)
                        : URLDecoder.decode(data.replace("+", "%2B"), StandardCharsets.UTF_8));
    }
}
