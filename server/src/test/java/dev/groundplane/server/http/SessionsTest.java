package dev.groundplane.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.SdkHttpFullRequest;

/** Temporary credentials at the front door, and roles' policies at work. */
class SessionsTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/Reader";

    @TempDir
    private Path directory;

    private FrontDoorFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FrontDoorFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aRoleIsAssumedAndItsSessionKnowsWhoItIs() {
        String assumed = rootsSts(assume(ROLE, "night", 900));
        SessionCredentials.Keys keys = keys(assumed);

        assertThat(assumed)
                .contains("<Arn>arn:aws:sts::123456789012:assumed-role/Reader/night</Arn>")
                .contains("<Expiration>2026-01-15T12:15:00Z</Expiration>");
        assertThat(keys.accessKeyId()).startsWith("ASIA");
        assertThat(sts(keys, "Action=GetCallerIdentity&Version=2011-06-15"))
                .contains("<Arn>arn:aws:sts::123456789012:assumed-role/Reader/night</Arn>")
                .containsPattern("<UserId>AROA[A-Z2-7]{17}:night</UserId>");
        assertThat(describe(keys).status()).isEqualTo(200);
        AuditRecord record = record("AssumeRole");
        assertThat(record.body())
                .contains(keys.accessKeyId())
                .doesNotContain(keys.sessionToken())
                .doesNotContain(keys.secretAccessKey());
        assertThat(fixture.records())
                .extracting(AuditRecord::body)
                .noneMatch(body -> body.contains(keys.sessionToken()));
    }

    @Test
    void aTokenMustBeThereAndBelongToTheKey() {
        SessionCredentials.Keys other = fixture.session("Reader", "other", FrontDoorFixture.NOW.plusSeconds(900));

        assertError(
                fixture.answer(FrontDoorFixture.signed(
                        fixture.reader.accessKeyId(),
                        fixture.reader.secretAccessKey(),
                        "ecs",
                        FrontDoorFixture.ecs("DescribeClusters"),
                        "{}")),
                "UnrecognizedClientException");
        assertError(describe(with(fixture.reader, other.sessionToken())), "UnrecognizedClientException");
        assertError(describe(with(fixture.reader, "made up")), "UnrecognizedClientException");
        assertError(
                describe(new SessionCredentials.Keys(
                        fixture.reader.accessKeyId(),
                        other.secretAccessKey(),
                        fixture.reader.sessionToken(),
                        FrontDoorFixture.NOW)),
                "InvalidSignatureException");
        assertError(
                describe(new SessionCredentials.Keys(
                        fixture.root.caller().accessKeyId(),
                        fixture.root.secretAccessKey(),
                        fixture.reader.sessionToken(),
                        FrontDoorFixture.NOW)),
                "UnrecognizedClientException");
    }

    @Test
    void anUnsignedTokenIsRefused() {
        WireRequest signed = fixture.signed(fixture.root, "ecs", FrontDoorFixture.ecs("DescribeClusters"), "{}");
        Map<String, List<String>> headers = new HashMap<>(signed.headers());
        headers.put("x-amz-security-token", List.of(fixture.reader.sessionToken()));

        assertError(
                fixture.answer(
                        new WireRequest(signed.method(), signed.rawPath(), signed.rawQuery(), headers, signed.body())),
                "UnrecognizedClientException");
    }

    @Test
    void aSessionEnds() {
        SessionCredentials.Keys ending = fixture.session("Reader", "short", FrontDoorFixture.NOW.plusSeconds(60));
        assertThat(describe(ending).status()).isEqualTo(200);

        fixture.now = FrontDoorFixture.NOW.plusSeconds(60);

        assertError(describe(ending), "ExpiredTokenException");
        assertThat(record("DescribeClusters").userName()).isEqualTo("short");
        assertThat(FrontDoorFixture.text(stsResponse(ending, "Action=GetCallerIdentity&Version=2011-06-15")))
                .contains("<Code>ExpiredToken</Code>");
    }

    @Test
    void aSessionMayDoWhatItsRoleMayNow() {
        assertThat(describe(fixture.reader).status()).isEqualTo(200);

        fixture.policy("Reader", "Deny", "ecs:DescribeClusters");
        assertThat(FrontDoorFixture.text(describe(fixture.reader))).contains("explicit deny");

        fixture.iam("DeleteRolePolicy", "RoleName=Reader&PolicyName=Deny");
        assertThat(describe(fixture.reader).status()).isEqualTo(200);

        fixture.iam("DeleteRolePolicy", "RoleName=Reader&PolicyName=Allow");
        assertThat(FrontDoorFixture.text(describe(fixture.reader)))
                .contains("because no identity-based policy allows the ecs:DescribeClusters action");
    }

    @Test
    void aRoleThatIsMadeAgainIsAnotherOne() {
        fixture.iam("DeleteRolePolicy", "RoleName=Reader&PolicyName=Allow");
        fixture.iam("DeleteRole", "RoleName=Reader");
        fixture.role("Reader", "ecs:*");

        assertError(describe(fixture.reader), "AccessDeniedException");
    }

    @Test
    void whoIsNotTrustedCannotAssume() {
        fixture.role("Caller", "sts:AssumeRole");
        SessionCredentials.Keys caller = fixture.session("Caller", "c", FrontDoorFixture.NOW.plusSeconds(900));
        fixture.iam(
                "UpdateAssumeRolePolicy",
                "RoleName=Reader&PolicyDocument="
                        + FrontDoorFixture.encode("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":"
                                + "\"ecs-tasks.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}"));

        WireResponse refused = stsResponse(caller, assume(ROLE, "night", 900));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(FrontDoorFixture.text(refused))
                .contains("<Code>AccessDenied</Code>")
                .contains("not authorized to perform: sts:AssumeRole on resource: " + ROLE);
        assertThat(FrontDoorFixture.text(stsResponse(caller, assume(ROLE + "NotThere", "night", 900))))
                .contains("<Code>AccessDenied</Code>");
    }

    @Test
    void assumeRoleChecksItsMembers() {
        assertThat(rootsSts(assume(ROLE, "x", 900))).contains("roleSessionName");
        assertThat(rootsSts(assume(ROLE, "a b", 900))).contains("roleSessionName");
        assertThat(rootsSts(assume(ROLE, "night", 899))).contains("durationSeconds");
        assertThat(rootsSts(assume(ROLE, "night", 3601))).contains("MaxSessionDuration");
        assertThat(rootsSts(assume("Reader", "night", 900))).contains("Reader is invalid");
        assertThat(rootsSts(assume(ROLE, "night", 900) + "&SerialNumber=123456789"))
                .contains("SerialNumber");
    }

    private static SessionCredentials.Keys with(SessionCredentials.Keys keys, String token) {
        return new SessionCredentials.Keys(keys.accessKeyId(), keys.secretAccessKey(), token, keys.expiration());
    }

    private static String assume(String role, String session, int seconds) {
        return "Action=AssumeRole&Version=2011-06-15&RoleArn=%s&RoleSessionName=%s&DurationSeconds=%d"
                .formatted(FrontDoorFixture.encode(role), FrontDoorFixture.encode(session), seconds);
    }

    private String sts(SessionCredentials.Keys keys, String form) {
        return FrontDoorFixture.text(stsResponse(keys, form));
    }

    private String rootsSts(String form) {
        return FrontDoorFixture.text(fixture.answer(FrontDoorFixture.signed(
                fixture.root.caller().accessKeyId(), fixture.root.secretAccessKey(), "sts", form(), form)));
    }

    private WireResponse stsResponse(SessionCredentials.Keys keys, String form) {
        return fixture.answer(FrontDoorFixture.signed(keys, "sts", form(), form));
    }

    private static SdkHttpFullRequest.Builder form() {
        return FrontDoorFixture.http("").putHeader("Content-Type", "application/x-www-form-urlencoded");
    }

    private WireResponse describe(SessionCredentials.Keys keys) {
        return fixture.answer(FrontDoorFixture.signed(keys, "ecs", FrontDoorFixture.ecs("DescribeClusters"), "{}"));
    }

    private static SessionCredentials.Keys keys(String assumed) {
        return new SessionCredentials.Keys(
                member(assumed, "AccessKeyId"),
                member(assumed, "SecretAccessKey"),
                member(assumed, "SessionToken"),
                FrontDoorFixture.NOW);
    }

    private static String member(String xml, String name) {
        Matcher matcher = Pattern.compile("<" + name + ">([^<]+)</").matcher(xml);
        assertThat(matcher.find()).as(xml).isTrue();
        return matcher.group(1);
    }

    private AuditRecord record(String name) {
        return fixture.records().stream()
                .filter(record -> record.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void assertError(WireResponse response, String code) {
        assertThat(response.headers()).containsEntry("x-amzn-ErrorType", code);
    }
}
