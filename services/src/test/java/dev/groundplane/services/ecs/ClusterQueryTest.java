package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

/** The cases of AWS's page "Create expressions to define container instances", and what follows from them. */
class ClusterQueryTest {
    private static final QueriedInstance HOST = host(Set.of("service:production", "family:report"));

    private static QueriedInstance host(Set<String> groups) {
        return new QueriedInstance(
                "arn:aws:ecs:us-east-1:123456789012:container-instance/default/0af",
                "ACTIVE",
                true,
                Optional.of("1.14.5"),
                Optional.of("mi-0abc"),
                Instant.parse("2018-02-13T10:20:30.123Z"),
                2,
                1,
                Map.of(
                        "ecs.os-type", Optional.of("linux"),
                        "ecs.instance-type", Optional.of("g2.2xlarge"),
                        "ecs.availability-zone", Optional.of("us-east-1a"),
                        "ecs.capability.external", Optional.empty(),
                        "cores", Optional.of("10"),
                        "rack", Optional.of("B 7")),
                groups);
    }

    private static boolean selects(String expression) {
        return ClusterQuery.parse(expression).matches(HOST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "attribute:ecs.instance-type == g2.2xlarge; true",
                "attribute:ecs.instance-type == t2.small; false",
                "attribute:ecs.availability-zone in [us-east-1a, us-east-1b]; true",
                "attribute:ecs.availability-zone in [us-east-1c]; false",
                "attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d; true",
                "attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1a; false",
                "task:group == service:production; true",
                "task:group == database; false",
                "not(task:group == database); true",
                "not(task:group == service:production); false",
                "runningTasksCount == 1; false",
                "runningTasksCount == 2; true",
                "agentVersion < 1.14.5; false",
                "agentVersion < 1.15; true",
                "registeredAt < 2018-02-13; false",
                "registeredAt < 2018-02-14; true",
                "ec2InstanceId in ['i-abcd1234', 'mi-0abc']; true",
                "ec2InstanceId in ['i-abcd1234', 'i-wxyx7890']; false",
            })
    void answersTheExamplesOfThePage(String expression, boolean expected) {
        assertThat(selects(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cores equals 10; true",
                "cores == 10.0; false",
                "cores not_equals 10; false",
                "cores not_equals 9; true",
                "cores > 9; true",
                "cores greater_than 10; false",
                "cores >= 10; true",
                "cores greater_than_equal 10.5; false",
                "cores < 9; false",
                "cores less_than 10.5; true",
                "cores <= 10; true",
                "cores less_than_equal -1; false",
                "ecs.os-type > debian; true",
                "ecs.os-type < debian; false",
                "cores exists; true",
                "cores !exists; false",
                "cores not_exists; false",
                "gpu exists; false",
                "gpu !exists; true",
                "gpu not_exists; true",
                "ecs.capability.external exists; true",
                "ecs.capability.external == x; false",
                "ecs.capability.external != x; true",
                "ecs.os-type in [windows,linux]; true",
                "ecs.os-type !in [windows, linux]; false",
                "ecs.os-type not_in [windows]; true",
                "ecs.os-type =~ lin; false",
                "ecs.os-type =~ li[mn]u.; true",
                "ecs.os-type =~ windows|linux; true",
                "ecs.os-type matches '(win|lin).*'; true",
                "ecs.os-type !~ lin.*; false",
                "ecs.os-type not_matches w.*; true",
                "rack == \"B 7\"; true",
                "rack == 'B 8'; false",
                "ecs.os-type==linux; true",
            })
    void comparesAttributes(String comparison, boolean expected) {
        assertThat(selects("attribute:" + comparison)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"== a", "!= a", "> 1", "< 1", "in [a]", "!in [a]", "=~ .*", "!~ a"})
    void noComparisonSelectsAnInstanceWithoutTheAttribute(String comparison) {
        assertThat(selects("attribute:gpu " + comparison)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "agentConnected == true; true",
                "agentConnected != true; false",
                "agentConnected in [true, false]; true",
                "agentConnected =~ t.*; true",
                "agentVersion == 1.14.5; true",
                "agentVersion == 1.14.5.0; true",
                "agentVersion != 1.14.5; false",
                "agentVersion > 1.9.0; true",
                "agentVersion >= 1.14.5; true",
                "agentVersion > 1.14.5-rc1; true",
                "agentVersion <= 1.14; false",
                "ec2InstanceId == mi-0abc; true",
                "ec2InstanceId !~ mi-.*; false",
                "registeredAt == 2018-02-13T10:20:30Z; true",
                "registeredAt == 2018-02-13T10:20:30; true",
                "registeredAt >= 2018-02-13T12:20:30+02:00; true",
                "registeredAt > 2018-02-13T12:20:30+02:00; false",
                "registeredAt > 2018-02-13; true",
                "runningTasksCount > 1; true",
                "runningTasksCount greater_than_equal 3; false",
                "runningTasksCount < 10; true",
                "task:group =~ family:.*; true",
                "task:group in [database, family:report]; true",
                "task:group != service:production; true",
            })
    void comparesFields(String expression, boolean expected) {
        assertThat(selects(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "task:group != a,false",
        "task:group exists,false",
        "task:group !exists,true",
        "not(task:group == a),true"
    })
    void anInstanceWithoutTasksHasNoGroup(String expression, boolean expected) {
        assertThat(ClusterQuery.parse(expression).matches(host(Set.of()))).isEqualTo(expected);
    }

    /** {@code T} holds, {@code F} does not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "T and T; true",
                "T and F; false",
                "F or T; true",
                "F || F; false",
                "T&&T; true",
                "T or F and F; true",
                "(T or F) and F; false",
                "F and F or T; true",
                "not F; true",
                "!T; false",
                "!(F); true",
                "not not T; true",
                "not T or T; true",
                "not (T or T); false",
                "not(T)or(T); true",
                "  ( ( T ) )  ; true",
            })
    void combinesConditions(String form, boolean expected) {
        String expression = form.replace("F", "agentConnected==false").replace("T", "agentConnected==true");
        assertThat(selects(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "``; expected agentConnected; position 1, found the end",
                "nonsense == 1; expected agentConnected, agentVersion, attribute:name; position 1, found 'nonsense == 1'",
                "attribute: == 1; expected agentConnected; position 1",
                "attribute:a; expected an operator of attribute:a; position 12, found the end",
                "attribute:a = b; expected an operator; position 13, found '= b'",
                "attribute:a == ; expected a value; found the end",
                "attribute:a == (b); expected a value; position 16, found '(b)'",
                "attribute:a == [b]; expected a value; position 16, found '[b]'",
                "attribute:a == b c; expected and, or, or the end; position 18, found 'c'",
                "attribute:a == 'b; expected the closing quote of position 16; position 18, found the end",
                "attribute:a in b; expected a list such as [a, b]; position 16, found 'b'",
                "attribute:a in []; expected a value; position 17, found ']'",
                "attribute:a in [b; expected ',' or ']'; position 18, found the end",
                "attribute:a =~ g[; regular expression (Unclosed character class); position 16, found 'g['",
                "attribute:a exists b; expected and, or, or the end; position 20",
                "(attribute:a exists; or ')' for the '(' of position 1; position 20, found the end",
                "attribute:a exists); expected and, or, or the end; position 19, found ')'",
                "attribute:a exists and; expected agentConnected; position 23, found the end",
                "agentConnected == yes; expected true or false; position 19, found 'yes'",
                "agentConnected > true; expected an operator of agentConnected (==, !=, in, !in, =~, !~); position 16",
                "agentVersion < new; expected a version such as 1.14.5; position 16, found 'new'",
                "agentVersion exists; expected an operator of agentVersion (==, !=, >, >=, <, <=); position 14",
                "registeredAt < 2018-02-30; expected a date such as; position 16, found '2018-02-30'",
                "registeredAt < yesterday; expected a date such as; position 16",
                "runningTasksCount == few; expected a whole number; position 22, found 'few'",
                "runningTasksCount == -1; expected a whole number; position 22, found '-1'",
                "pendingTasksCount == 1; expected agentConnected; position 1",
            })
    void namesThePositionAndWhatWasExpected(String expression, String expected, String place) {
        assertThatThrownBy(() -> ClusterQuery.parse(expression))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Invalid expression '")
                .hasMessageContaining(expected)
                .hasMessageContaining(place);
    }

    @Test
    void boundsLengthAndDepth() {
        refused("attribute:a == " + "b".repeat(ClusterQuery.MAX_LENGTH), "at most 2000 characters");
        refused("attribute:a =~ " + "b".repeat(ClusterQueryPattern.MAX_LENGTH + 1), "at most 256 characters");
        refused("(".repeat(100) + "attribute:a exists", "at most 50 nested");
        refused("!".repeat(1000) + "attribute:a exists", "at most 50 nested");
        assertThat(selects("agentConnected == true" + " and runningTasksCount<9".repeat(80)))
                .isTrue();
    }

    private static void refused(String expression, String message) {
        assertThatThrownBy(() -> ClusterQuery.parse(expression))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*a*a*a*a*b", "'(a+)+\\1b'", "'(a*)*(a*)*(a*)*c'"})
    void endsRegularExpressionsThatBacktrackForever(String regex) {
        QueriedInstance host = host(Set.of("a".repeat(100)));
        assertThatThrownBy(() -> ClusterQuery.parse("task:group =~ " + regex).matches(host))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("takes too many steps");
    }

    @Test
    void endsRegularExpressionsThatRecurseDeeply() {
        QueriedInstance host = host(Set.of("ab".repeat(50_000)));
        assertThatThrownBy(() -> ClusterQuery.parse("task:group =~ '(a|b)*'").matches(host))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("takes too many steps");
    }

    @ParameterizedTest
    @CsvSource({
        "task:group == a,true",
        "agentConnected == true or not (task:group exists),true",
        "attribute:task:group == task:group,false"
    })
    void saysWhetherItReadsTaskGroups(String expression, boolean expected) {
        assertThat(ClusterQuery.parse(expression).readsTaskGroups()).isEqualTo(expected);
    }

    @Test
    void readsAnInstanceOfTheApi() {
        ContainerInstance instance = ContainerInstance.builder()
                .containerInstanceArn("arn:aws:ecs:us-east-1:123456789012:container-instance/default/0af")
                .status("ACTIVE")
                .registeredAt(Instant.EPOCH)
                .attributes(
                        Attribute.builder().name("ecs.os-type").value("linux").build(),
                        Attribute.builder().name("ecs.capability.external").build())
                .build();
        QueriedInstance bare = QueriedInstance.of(instance, Set.of("a"));
        assertThat(ClusterQuery.parse("attribute:ecs.os-type == linux and attribute:ecs.capability.external exists"
                                + " and task:group == a and agentConnected == false and runningTasksCount == 0")
                        .matches(bare))
                .isTrue();
        assertThat(ClusterQuery.parse("agentVersion < 2 or agentVersion >= 2 or ec2InstanceId =~ .*")
                        .matches(bare))
                .isFalse();
    }
}
