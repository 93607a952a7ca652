package dev.groundplane.services.parallelcluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceTypesTest {
    /** As EC2's list of instance types has them; the last column is with one thread for each core. */
    @ParameterizedTest
    @CsvSource({
        "t2.micro, 1, 1, 1",
        "t3.nano, 2, 0.5, 1",
        "t3.micro, 2, 1, 1",
        "t3a.2xlarge, 8, 32, 4",
        "m5.large, 2, 8, 1",
        "m5.24xlarge, 96, 384, 48",
        "m5.metal, 96, 384, 48",
        "m6i.32xlarge, 128, 512, 64",
        "m6a.48xlarge, 192, 768, 96",
        "m7i.48xlarge, 192, 768, 96",
        "m7i.metal-24xl, 96, 384, 48",
        "m7a.medium, 1, 4, 1",
        "c5.large, 2, 4, 1",
        "c5.9xlarge, 36, 72, 18",
        "c5.18xlarge, 72, 144, 36",
        "c5n.large, 2, 5.25, 1",
        "c5n.4xlarge, 16, 42, 8",
        "c5n.18xlarge, 72, 192, 36",
        "c6i.8xlarge, 32, 64, 16",
        "c7i.16xlarge, 64, 128, 32",
        "c7a.2xlarge, 8, 16, 8",
        "r5.xlarge, 4, 32, 2",
        "r6i.12xlarge, 48, 384, 24",
        "r7i.48xlarge, 192, 1536, 96",
        "hpc6a.48xlarge, 96, 384, 96",
        "hpc6id.32xlarge, 64, 1024, 64",
        "hpc7a.12xlarge, 24, 768, 24",
        "hpc7a.96xlarge, 192, 768, 192"
    })
    void sizesAreEc2s(String name, int vcpus, double gib, int cores) {
        InstanceType type = new InstanceType(name, vcpus, Math.round(gib * 1024));

        assertThat(InstanceTypes.find(name)).contains(type);
        assertThat(InstanceTypes.withoutMultithreading(type))
                .isEqualTo(new InstanceType(name, cores, type.memoryMib()));
        assertThat(InstanceTypes.names()).contains(name);
    }

    @ParameterizedTest
    @CsvSource({
        "groundplane.1x256, 1, 256, 1",
        "groundplane.192x128, 192, 128, 96",
        "groundplane.3x25165824, 3, 25165824, 1"
    })
    void ownSizesAreWhatTheySay(String name, int vcpus, long mib, int cores) {
        InstanceType type = new InstanceType(name, vcpus, mib);

        assertThat(InstanceTypes.find(name)).contains(type);
        assertThat(InstanceTypes.withoutMultithreading(type)).isEqualTo(new InstanceType(name, cores, mib));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "m5",
                "m5.",
                "m5.huge",
                "M5.large",
                "m5.32xlarge",
                "c5.8xlarge",
                "m7i.32xlarge",
                "p5.48xlarge",
                "groundplane.0x256",
                "groundplane.193x256",
                "groundplane.1x127",
                "groundplane.01x256",
                "groundplane.1x",
                "groundplane.x1",
                "groundplane.1x256 ",
                "groundplane.1x999999999999999999999"
            })
    void othersAreNotKnown(String name) {
        assertThat(InstanceTypes.find(name)).isEmpty();
    }

    @Test
    void theTableHasWhatItSays() {
        assertThat(InstanceTypes.names())
                .hasSizeGreaterThan(200)
                .allSatisfy(name -> assertThat(
                                InstanceTypes.find(name).orElseThrow().name())
                        .isEqualTo(name));
    }
}
