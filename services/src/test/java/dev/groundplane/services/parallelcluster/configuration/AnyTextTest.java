package dev.groundplane.services.parallelcluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the text is, reading never throws, and there is either a configuration or an error. */
class AnyTextTest {
    private static final String[] KEYS = {
        "Image",
        "Os",
        "HeadNode",
        "InstanceType",
        "Networking",
        "SubnetId",
        "Scheduling",
        "Scheduler",
        "SlurmQueues",
        "Name",
        "SubnetIds",
        "ComputeResources",
        "MinCount",
        "MaxCount",
        "SlurmSettings",
        "CustomSlurmSettings",
        "CustomActions",
        "OnNodeStart",
        "Sequence",
        "Instances",
        "Tags",
        "SharedStorage",
        "DevSettings",
        "Timeouts",
        "CapacityType",
        "Other"
    };
    private static final String[] VALUES = {
        "slurm",
        "alinux2023",
        "t3.micro",
        "a",
        "5",
        "-1",
        "99999999999",
        "1.5",
        "true",
        "~",
        "''",
        "\"\\n\"",
        "[]",
        "{}",
        "groundplane.1x256",
        "SPOT"
    };

    @Property(tries = 300)
    void trees(@ForAll("trees") String yaml) {
        check(yaml);
    }

    @Property(tries = 300)
    void texts(@ForAll("texts") String yaml) {
        check(yaml);
    }

    /** A part of a valid file is replaced by something else, or lost. */
    @Property(tries = 500)
    void brokenFiles(@ForAll("places") int from, @ForAll("places") int to, @ForAll("trees") String other) {
        String file = Files.SMALLEST;
        int begin = Math.min(from, to) % file.length();
        int end = Math.min(file.length(), begin + Math.abs(from - to) % 40);
        check(file.substring(0, begin) + other + file.substring(end));
        check(file.substring(0, begin) + file.substring(end));
    }

    private static void check(String yaml) {
        Reading reading = ConfigurationReader.read(yaml);
        assertThat(reading.messages().stream().anyMatch(message -> message.level() == ValidationLevel.ERROR))
                .isEqualTo(reading.configuration().isEmpty());
    }

    @Provide
    Arbitrary<Integer> places() {
        return Arbitraries.integers().between(0, 400);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("ab01 \n\t-:?[]{},#&*!|>'\"%@`~<=.\u0000\u00e4\u2028\\")
                .ofMaxLength(60);
    }

    @Provide
    Arbitrary<String> trees() {
        Arbitrary<String> keys = Arbitraries.of(KEYS);
        return Arbitraries.recursive(
                () -> Arbitraries.of(VALUES),
                below -> Arbitraries.oneOf(
                        below.list().ofMaxSize(3).map(items -> "[" + String.join(", ", items) + "]"),
                        Arbitraries.maps(keys, below)
                                .ofMaxSize(5)
                                .map(map -> map.entrySet().stream()
                                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                                        .collect(Collectors.joining(", ", "{", "}")))),
                0,
                5);
    }
}
