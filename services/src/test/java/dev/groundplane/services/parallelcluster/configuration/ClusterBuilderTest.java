package dev.groundplane.services.parallelcluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterBuilderTest {
    @Test
    void scriptsAreReadForTheDayOnWhichTheyAreRun() throws YamlSyntaxException {
        YamlNode actions = YamlTree.parse("""
                        OnNodeStart: {Script: 's3://b/k', Args: [a, b]}
                        OnNodeUpdated: {Sequence: [{Script: 's3://b/l'}, {Script: 's3://b/m'}]}
                        """).orElseThrow();

        assertThat(ClusterBuilder.customActions((YamlNode.Mapping) actions))
                .isEqualTo(new CustomActions(
                        List.of(new Script("s3://b/k", List.of("a", "b"))),
                        List.of(),
                        List.of(new Script("s3://b/l", List.of()), new Script("s3://b/m", List.of()))));
    }
}
