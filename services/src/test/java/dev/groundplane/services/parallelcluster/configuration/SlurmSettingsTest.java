package dev.groundplane.services.parallelcluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlurmSettingsTest {
    private static final String VALIDATOR = " CustomSlurmSettingsValidator";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ResumeProgram",
                "resumeprogram",
                "SUSPENDTIME",
                "SlurmctldParameters",
                "Prolog",
                "SlurmUser",
                "ClusterName",
                "Include",
                "StateSaveLocation",
                "PrologSlurmctld",
                "SelectType",
                "HealthCheckProgram",
                "EpilogSlurmctld",
                "MailProg",
                "JobSubmitPlugins",
                "JobCompType",
                "PlugStackConfig",
                "PluginDir",
                "SlurmSchedLogFile"
            })
    void whatTheClusterSetsAndWhatNamesProgramsAndFilesIsRefused(String name) {
        assertThat(Files.errors(Files.withSlurm("CustomSlurmSettings: [{%s: x}]".formatted(name))))
                .containsExactly("Scheduling/SlurmSettings/CustomSlurmSettings[0]/" + name + VALIDATOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Nodes", "state", "OverSubscribe", "PartitionName", "Default"})
    void thoseOfAQueueAreRefused(String name) {
        assertThat(Files.errors(Files.withQueue("CustomSlurmSettings: {%s: x}".formatted(name))))
                .containsExactly("Scheduling/SlurmQueues[0]/CustomSlurmSettings/" + name + VALIDATOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CPUs", "NodeName", "State", "weight", "Features", "Port", "RealMemory"})
    void thoseOfAComputeResourceAreRefused(String name) {
        assertThat(Files.errors(Files.withResource("CustomSlurmSettings: {%s: x}".formatted(name))))
                .containsExactly(
                        "Scheduling/SlurmQueues[0]/ComputeResources[0]/CustomSlurmSettings/" + name + VALIDATOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SchedulerParameters", "priorityWeightAge", "MessageTimeout", "PreemptMode"})
    void othersAreTaken(String name) {
        assertThat(Files.errors(Files.withSlurm("CustomSlurmSettings: [{%s: x}]".formatted(name))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'a-b'", "'1a'", "'a b'", "'a=b'", "''", "\"a\\nb\"", "'#a'"})
    void namesHaveLettersAndDigits(String name) {
        assertThat(Files.errors(Files.withQueue("CustomSlurmSettings: {%s: x}".formatted(name))))
                .hasSize(1)
                .allMatch(error -> error.endsWith(VALIDATOR));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'30 ResumeProgram=/tmp/x'",
                "\"30\\nResumeProgram=/tmp/x\"",
                "'x # y'",
                "'x\\'",
                "''",
                "'\"a'",
                "'a\"b c\"'",
                "'\"a\" b=\"c\"'",
                "\"a\\u2028b\"",
                "'\ta'"
            })
    void aValueIsOneValue(String value) {
        assertThat(Files.errors(Files.withQueue("CustomSlurmSettings: {Reason: %s}".formatted(value))))
                .containsExactly("Scheduling/SlurmQueues[0]/CustomSlurmSettings/Reason" + VALIDATOR);
        assertThat(Files.errors(Files.withSlurm("CustomSlurmSettings: [{Licenses: %s}]".formatted(value))))
                .containsExactly("Scheduling/SlurmSettings/CustomSlurmSettings[0]/Licenses" + VALIDATOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5.5", "true", "No", "a,b=c", "'\"a b\"'", "UNLIMITED", "00:30:00", "/a/%h"})
    void aValueIsPassedOnAsItIsWritten(String value) {
        assertThat(ConfigurationReader.read(Files.withQueue("CustomSlurmSettings:\n        Name: " + value))
                        .configuration()
                        .orElseThrow()
                        .slurm()
                        .queues()
                        .getFirst()
                        .customSettings())
                .containsExactly(new Setting("Name", value.replace("'", "")));
    }

    @Test
    void otherShapesAreRefused() {
        String path = "Scheduling/SlurmSettings/CustomSlurmSettings";
        assertThat(Files.errors(Files.withSlurm("CustomSlurmSettings: {A: b}")))
                .containsExactly(path + " ConfigSchemaValidator");
        assertThat(Files.errors(Files.withSlurm("CustomSlurmSettings: [A]")))
                .containsExactly(path + "[0] ConfigSchemaValidator");
        assertThat(Files.errors(Files.withSlurm("CustomSlurmSettings: [{KillWait: [b]}, {Waittime: ~}]")))
                .containsExactly(
                        path + "[0]/KillWait ConfigSchemaValidator", path + "[1]/Waittime ConfigSchemaValidator");
        assertThat(Files.errors(Files.withSlurm("CustomSlurmSettings: [{NodeName: a, CPUs: 2}, {}]")))
                .containsExactly(path + "[0]" + VALIDATOR, path + "[1]" + VALIDATOR);
        assertThat(Files.errors(Files.withQueue("CustomSlurmSettings: [{A: b}]")))
                .containsExactly("Scheduling/SlurmQueues[0]/CustomSlurmSettings ConfigSchemaValidator");
        assertThat(Files.errors(Files.withQueue("CustomSlurmSettings: {MaxTime: 1, maxtime: 2}")))
                .containsExactly("Scheduling/SlurmQueues[0]/CustomSlurmSettings/maxtime" + VALIDATOR);
    }
}
