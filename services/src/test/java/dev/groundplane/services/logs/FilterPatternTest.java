package dev.groundplane.services.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;

/** The cases of AWS's page "Filter pattern syntax", and what follows from them. */
class FilterPatternTest {
    private static final String JSON = """
            {"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "errorCode": null,
             "statusCode": 404, "latency": 0.75, "big": 12345678901234567891, "ok": true, "off": false, "text": "401",
             "user": {"id": 1, "email": "John.Stiles@example.com"}, "a-b_c": "x", "quote": "say \\"hi\\" (now)",
             "users": [{"id": 1}, {"id": 2, "roles": ["admin", "dev"]}]}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                       | anything            | true",
                "`  `                     | anything            | true",
                "`\" \"`                  | anything            | true",
                "ERROR                    | [ERROR 400] BAD     | true",
                "ERROR                    | error               | false",
                "ERROR                    | ERRORS              | true",
                "ERROR ARGUMENTS          | ERROR BAD ARGUMENTS | true",
                "ERROR ARGUMENTS          | ERROR               | false",
                "`\"INTERNAL SERVER ERROR\"` | 500 INTERNAL SERVER ERROR | true",
                "`\"INTERNAL SERVER ERROR\"` | INTERNAL ERROR SERVER | false",
                "`\"say \\\"hi\\\"\"`    | say \"hi\" now     | true",
                "?ERROR ?ARGUMENTS        | BAD ARGUMENTS       | true",
                "?ERROR ?ARGUMENTS        | BAD REQUEST         | false",
                "?ERROR ?\"BAD REQUEST\"  | BAD REQUEST         | true",
                "ERROR -ARGUMENTS         | ERROR BAD           | true",
                "ERROR -ARGUMENTS         | ERROR ARGUMENTS     | false",
                "-\"BAD REQUEST\"         | BAD REQUEST         | false",
                "-ERROR                   | INFO                | true",
                "?INFO REQUEST            | WARN REQUEST        | true",
                "?INFO -REQUEST           | INFO REQUEST        | false",
            })
    void findsTerms(String pattern, String message, boolean expected) {
        assertThat(FilterPattern.parse(pattern).matches(message)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ $.eventType = \"UpdateTrail\" }",
                "{$.eventType=UpdateTrail}",
                "{ $.eventType = \"Update*\" }",
                "{ $.sourceIPAddress = 111.111.* }",
                "{ $.sourceIPAddress != 123.123.* }",
                "{ $.eventType = * }",
                "{ $.user = \"*\" }",
                "{ $.user.email = *@example.com }",
                "{ $.user.email = J*S*s@*e.com }",
                "{ $.statusCode = 404 }",
                "{ $.statusCode = 4.04e2 }",
                "{ $.statusCode = 4* }",
                "{ $.statusCode != 200 }",
                "{ $.statusCode >= 404 && $.statusCode <= 404 }",
                "{ $.latency > 0.5 && $.latency < 1 }",
                "{ $.big > 12345678901234567890 }",
                "{ $.text = 401 }",
                "{ $.ok = true }",
                "{ $.ok IS TRUE }",
                "{ $.off is false }",
                "{ $.errorCode IS NULL }",
                "{ $.absent NOT EXISTS }",
                "{ $.user.absent.deeper NOT EXISTS }",
                "{ $.users[0].id = 1 }",
                "{ $.users[1].roles[1] = \"dev\" }",
                "{ $.users[7] NOT EXISTS }",
                "{ $.a-b_c = x }",
                "{ $.quote = \"say \\\"hi\\\" (now)\" }",
                "{ $.ok IS TRUE || $.ok IS FALSE && $.off IS TRUE }",
                "{ ($.ok IS FALSE || $.off IS FALSE) && ($.statusCode = 404) }",
            })
    void acceptsJson(String pattern) {
        assertThat(FilterPattern.parse(pattern).matches(JSON)).isTrue();
        assertThat(FilterPattern.parse(pattern).matches("no JSON: " + JSON)).isFalse();
        assertThat(FilterPattern.parse(pattern).matches(JSON + "}")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ $.eventType = \"updatetrail\" }",
                "{ $.eventType = \"Update\" }",
                "{ $.eventType = \"Update*Trail*x\" }",
                "{ $.absent = \"*\" }",
                "{ $.absent != 1 }",
                "{ $.statusCode > 404 }",
                "{ $.text > 400 }",
                "{ $.eventType IS NULL }",
                "{ $.absent IS NULL }",
                "{ $.text IS TRUE }",
                "{ $.errorCode NOT EXISTS }",
                "{ $.users[2].id = 1 }",
                "{ $.users = 1 }",
                "{ ($.ok IS TRUE || $.ok IS FALSE) && $.off IS TRUE }",
            })
    void rejectsJson(String pattern) {
        assertThat(FilterPattern.parse(pattern).matches(JSON)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{}",
                "{ $.a }",
                "{ $.a = }",
                "{ $.a = 1",
                "{ $.a = 1 } x",
                "{ a = 1 }",
                "{ $.a > x }",
                "{ $.a IS 1 }",
                "{ $.a[x] = 1 }",
                "{ ($.a = 1 }",
                "{ $.a = \"x }",
                "\"open",
                "-",
                "a\"b",
            })
    void refusesMalformedPatterns(String pattern) {
        assertThatThrownBy(() -> FilterPattern.parse(pattern))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Invalid filter pattern");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%AUTH.*%", "a ?%b%", "{ $.a = %x% }", "[ip, user, status=4*]"})
    void refusesKindsThatAreNotSupportedByName(String pattern) {
        assertThatThrownBy(() -> FilterPattern.parse(pattern))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("in filterPattern are not supported");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"n\": 1e999999999}", "{\"n\": [", "{\"n\": NaN}", "{", "null", "[]", "{\"n\":{\"n\":{}}}"})
    void survivesStrangeMessages(String message) {
        assertThat(FilterPattern.parse("{ $.n < 5 && $.n = \"1*\" }").matches(message))
                .isFalse();
    }
}
