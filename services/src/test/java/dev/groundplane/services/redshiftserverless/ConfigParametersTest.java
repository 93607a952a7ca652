package dev.groundplane.services.redshiftserverless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.redshiftserverless.model.ConfigParameter;
import software.amazon.awssdk.services.redshiftserverless.model.ValidationException;

class ConfigParametersTest {
    private static ConfigParameter parameter(String key, String value) {
        return ConfigParameter.builder().parameterKey(key).parameterValue(value).build();
    }

    @Test
    void whatIsNotNamedStays() {
        var before = List.of(parameter("query_group", "day"), parameter("max_query_execution_time", "60"));

        var after = ConfigParameters.changed(
                before, List.of(parameter("query_group", "night"), parameter("search_path", "desk")));

        assertThat(ConfigParameters.byKey(after))
                .isEqualTo(Map.of("query_group", "night", "max_query_execution_time", "60", "search_path", "desk"));
    }

    @Test
    void whatIsTrueAnyhowIsAccepted() {
        assertThat(ConfigParameters.changed(
                        List.of(), List.of(parameter("auto_mv", "false"), parameter("max_query_queue_time", "10"))))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "max_query_execution_time, 86400, from 0 to 86399",
        "max_query_execution_time, -1, from 0 to 86399",
        "auto_mv, true, it is false",
        "require_ssl, true, it is false",
        "max_scan_row_count, 5, max_scan_row_count is not implemented",
        "nonsense, 5, nonsense is not implemented"
    })
    void whatWouldChangeNothingIsRefused(String key, String value, String words) {
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> ConfigParameters.changed(List.of(), List.of(parameter(key, value))))
                .withMessageContaining(words);
    }
}
