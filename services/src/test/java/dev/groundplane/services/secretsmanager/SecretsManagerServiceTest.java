package dev.groundplane.services.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.identity.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.InvalidNextTokenException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.LimitExceededException;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicaRegionType;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

class SecretsManagerServiceTest {
    private static final String ONE = "00000000-0000-0000-0000-000000000001";
    private static final String TWO = "00000000-0000-0000-0000-000000000002";
    private static final String THREE = "00000000-0000-0000-0000-000000000003";

    @TempDir
    private Path directory;

    private SecretsFixture secrets;

    @BeforeEach
    void open() {
        secrets = new SecretsFixture(directory);
    }

    @AfterEach
    void close() {
        secrets.close();
    }

    private CreateSecretResponse create(String name) {
        return secrets.client()
                .createSecret(r -> r.name(name).secretString("one").clientRequestToken(ONE));
    }

    private void put(String name, String token, String value, String... stages) {
        secrets.client().putSecretValue(r -> {
            r.secretId(name).clientRequestToken(token).secretString(value);
            if (stages.length > 0) {
                r.versionStages(stages);
            }
        });
    }

    private String value(String id) {
        return secrets.client().getSecretValue(r -> r.secretId(id)).secretString();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private Map<String, List<String>> stages(String name) {
        return secrets.client().describeSecret(r -> r.secretId(name)).versionIdsToStages();
    }

    @Test
    void aSecretAnswersToItsNameItsArnAndItsArnWithoutTheSuffix() {
        String arn = create("bank/db-abcdef").arn();

        assertThat(arn).matches("arn:aws:secretsmanager:us-east-1:123456789012:secret:bank/db-abcdef-[A-Za-z0-9]{6}");
        for (String id : List.of("bank/db-abcdef", arn, arn.substring(0, arn.length() - 7))) {
            assertThat(value(id)).isEqualTo("one");
        }
        String other = arn.substring(0, arn.length() - 6) + "xxxxxx";
        for (String id : List.of("bank/db", other, arn.replace("us-east-1", "eu-west-1"))) {
            assertThatThrownBy(() -> value(id))
                    .isInstanceOf(ResourceNotFoundException.class)
                    .hasMessage("Secrets Manager can't find the specified secret.");
        }
    }

    @Test
    void otherAccountsAndRegionsDoNotSeeIt() {
        create("db");
        for (Scope scope : List.of(new Scope("123456789012", "eu-west-1"), new Scope("210987654321", "us-east-1"))) {
            assertThatThrownBy(() -> secrets.client(scope).getSecretValue(r -> r.secretId("db")))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
    }

    @Test
    void creatingAgainIsTheSameWithTheSameTokenAndValueOnly() {
        CreateSecretResponse made = create("db");

        assertThat(create("db")).isEqualTo(made);
        assertThatThrownBy(() -> secrets.client()
                        .createSecret(r -> r.name("db").secretString("two").clientRequestToken(ONE)))
                .isInstanceOf(ResourceExistsException.class)
                .hasMessageContaining("You can't use ClientRequestToken " + ONE);
        assertThatThrownBy(() -> secrets.client()
                        .createSecret(r -> r.name("db").secretString("one").clientRequestToken(TWO)))
                .isInstanceOf(ResourceExistsException.class)
                .hasMessage("The operation failed because the secret db already exists.");
    }

    @Test
    void labelsMoveAsAwsMovesThem() {
        create("db");
        put("db", TWO, "two");
        assertThat(stages("db")).isEqualTo(Map.of(ONE, List.of("AWSPREVIOUS"), TWO, List.of("AWSCURRENT")));
        put("db", THREE, "three", "PENDING");
        assertThat(value("db")).isEqualTo("two");

        secrets.client()
                .updateSecretVersionStage(r -> r.secretId("db")
                        .versionStage("AWSCURRENT")
                        .removeFromVersionId(TWO)
                        .moveToVersionId(THREE));

        assertThat(stages("db"))
                .isEqualTo(Map.of(TWO, List.of("AWSPREVIOUS"), THREE, List.of("PENDING", "AWSCURRENT")));
        assertThat(value("db")).isEqualTo("three");
        assertThat(secrets.client()
                        .getSecretValue(r -> r.secretId("db").versionStage("AWSPREVIOUS"))
                        .secretString())
                .isEqualTo("two");
        assertThat(secrets.client()
                        .getSecretValue(r -> r.secretId("db").versionId(ONE))
                        .secretString())
                .isEqualTo("one");
    }

    @Test
    void whoMovesALabelMustKnowWhereItIs() {
        create("db");
        put("db", TWO, "two", "X");
        assertThatThrownBy(() -> secrets.client()
                        .updateSecretVersionStage(
                                r -> r.secretId("db").versionStage("X").moveToVersionId(ONE)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("currently attached to version " + TWO);
        assertThatThrownBy(() -> secrets.client()
                        .updateSecretVersionStage(r -> r.secretId("db")
                                .versionStage("X")
                                .removeFromVersionId(ONE)
                                .moveToVersionId(TWO)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("not attached to version " + ONE);
        assertThatThrownBy(() -> secrets.client()
                        .updateSecretVersionStage(
                                r -> r.secretId("db").versionStage("AWSCURRENT").removeFromVersionId(ONE)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("You can only move staging label AWSCURRENT");

        secrets.client()
                .updateSecretVersionStage(
                        r -> r.secretId("db").versionStage("X").removeFromVersionId(TWO));

        assertThat(stages("db")).isEqualTo(Map.of(ONE, List.of("AWSCURRENT")));
    }

    @Test
    void aVersionIsWrittenOnce() {
        create("db");
        put("db", TWO, "two");
        put("db", THREE, "three");

        put("db", TWO, "two");

        assertThat(value("db")).isEqualTo("three");
        assertThatThrownBy(() -> put("db", TWO, "else")).isInstanceOf(ResourceExistsException.class);
    }

    @Test
    void binaryStaysBinary() {
        SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 7});
        secrets.client().createSecret(r -> r.name("key").secretBinary(bytes));

        var got = secrets.client().getSecretValue(r -> r.secretId("key"));

        assertThat(got.secretBinary()).isEqualTo(bytes);
        assertThat(got.secretString()).isNull();
    }

    @Test
    void aSecretWithoutAValueSaysSo() {
        secrets.client().createSecret(r -> r.name("empty"));

        assertThatThrownBy(() -> value("empty"))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessage("Secrets Manager can't find the specified secret value for staging label: AWSCURRENT");
        put("empty", TWO, "two", "X");
        assertThat(stages("empty")).isEqualTo(Map.of(TWO, List.of("AWSCURRENT", "X")));
    }

    @Test
    void updateChangesWhatItHas() {
        create("db");
        secrets.client().updateSecret(r -> r.secretId("db").description("of the bank"));
        assertThat(value("db")).isEqualTo("one");

        var updated = secrets.client()
                .updateSecret(r -> r.secretId("db").secretString("two").clientRequestToken(TWO));

        assertThat(updated.versionId()).isEqualTo(TWO);
        assertThat(value("db")).isEqualTo("two");
        assertThat(secrets.client().describeSecret(r -> r.secretId("db")).description())
                .isEqualTo("of the bank");
    }

    @Test
    void aDeletedSecretIsClosedUntilRestoredAndGoneAfterItsWindow() {
        create("db");
        secrets.client().deleteSecret(r -> r.secretId("db").recoveryWindowInDays(7L));

        assertThatThrownBy(() -> value("db"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("You can't perform this operation on the secret because it was marked for deletion.");
        assertThatThrownBy(() -> create("db"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("already scheduled for deletion");
        assertThat(secrets.client().describeSecret(r -> r.secretId("db")).deletedDate())
                .isEqualTo(SecretsFixture.START.plus(Duration.ofDays(7)));
        assertThat(secrets.client().listSecrets(r -> {}).secretList()).isEmpty();
        assertThat(secrets.client()
                        .listSecrets(r -> r.includePlannedDeletion(true))
                        .secretList())
                .hasSize(1);

        secrets.client().restoreSecret(r -> r.secretId("db"));
        secrets.now = SecretsFixture.START.plus(Duration.ofDays(8));
        secrets.sweep();
        assertThat(value("db")).isEqualTo("one");

        secrets.client().deleteSecret(r -> r.secretId("db"));
        secrets.now = secrets.now.plus(Duration.ofDays(30)).minusMillis(1);
        secrets.sweep();
        assertThat(secrets.client().describeSecret(r -> r.secretId("db")).name())
                .isEqualTo("db");
        secrets.now = secrets.now.plusMillis(1);
        secrets.sweep();
        secrets.flush();
        assertThat(secrets.rows()).isZero();
    }

    @Test
    void deletedAtOnceItLeavesItsNameFree() {
        String arn = create("db").arn();
        secrets.client().deleteSecret(r -> r.secretId(arn).forceDeleteWithoutRecovery(true));
        secrets.client().deleteSecret(r -> r.secretId("db").forceDeleteWithoutRecovery(true));

        assertThat(create("db").arn()).isNotEqualTo(arn);
        assertThatThrownBy(() -> value(arn)).isInstanceOf(ResourceNotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 31})
    void aRecoveryWindowHasSevenToThirtyDays(long days) {
        create("db");
        assertThatThrownBy(() ->
                        secrets.client().deleteSecret(r -> r.secretId("db").recoveryWindowInDays(days)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessage("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
    }

    @Test
    void versionsBeyondTheQuotaPushOutOldOnesWithoutALabel() {
        create("db");
        for (int i = 0; i < 99; i++) {
            put("db", "%036d".formatted(i + 100), "v" + i);
        }
        assertThatThrownBy(() -> put("db", TWO, "two")).isInstanceOf(LimitExceededException.class);

        secrets.now = SecretsFixture.START.plus(Duration.ofHours(25));
        put("db", TWO, "two");

        assertThat(secrets.client()
                        .listSecretVersionIds(r -> r.secretId("db").includeDeprecated(true))
                        .versions())
                .extracting(v -> v.versionId())
                .containsExactly(TWO, "%036d".formatted(197), "%036d".formatted(198));
    }

    @Test
    void sizesAreLimited() {
        String most = "é".repeat(32_768);
        secrets.client().createSecret(r -> r.name("most").secretString(most));
        assertThat(value("most")).isEqualTo(most);
        assertThatThrownBy(
                        () -> secrets.client().createSecret(r -> r.name("more").secretString(most + "x")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("65536")
                .hasMessageNotContaining("é");
    }

    @ParameterizedTest
    @CsvSource({
        "name, bank/, bank/a bank/b",
        "name, !bank/, other",
        "description, THE, bank/b",
        "tag-key, te, bank/a",
        "tag-value, ri, bank/a",
        "all, other, other",
        "all, 'risk bank', bank/a"
    })
    void filtersSelect(String key, String value, String expected) {
        Tag tag = Tag.builder().key("team").value("risk").build();
        secrets.client().createSecret(r -> r.name("bank/a").tags(tag));
        secrets.client().createSecret(r -> r.name("bank/b").description("the second"));
        secrets.client().createSecret(r -> r.name("other"));

        assertThat(secrets.client()
                        .listSecrets(r -> r.filters(
                                Filter.builder().key(key).values(value).build()))
                        .secretList())
                .extracting(SecretListEntry::name)
                .containsExactly(expected.split(" "));
    }

    @Test
    void pagesCoverEverySecretOnceInOrderOfCreation() {
        for (String name : List.of("c", "a", "b")) {
            secrets.now = secrets.now.plusSeconds(1);
            secrets.client().createSecret(r -> r.name(name));
        }

        ListSecretsResponse first =
                secrets.client().listSecrets(r -> r.maxResults(2).sortOrder("desc"));
        ListSecretsResponse second = secrets.client()
                .listSecrets(r -> r.maxResults(2).sortOrder("desc").nextToken(first.nextToken()));

        assertThat(first.secretList()).extracting(SecretListEntry::name).containsExactly("b", "a");
        assertThat(second.secretList()).extracting(SecretListEntry::name).containsExactly("c");
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> secrets.client().listSecrets(r -> r.nextToken("*")))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    @Test
    void tagsAreAddedReplacedAndRemoved() {
        create("db");
        secrets.client().tagResource(r -> r.secretId("db").tags(tag("a", "1"), tag("b", "2")));
        secrets.client().tagResource(r -> r.secretId("db").tags(tag("a", "3")));
        secrets.client().untagResource(r -> r.secretId("db").tagKeys("b", "unknown"));

        assertThat(secrets.client().describeSecret(r -> r.secretId("db")).tags())
                .containsExactly(Tag.builder().key("a").value("3").build());
    }

    @Test
    void aBatchTellsWhatItCouldNotGet() {
        create("db");
        var batch = secrets.client().batchGetSecretValue(r -> r.secretIdList("db", "none"));

        assertThat(batch.secretValues()).extracting(v -> v.secretString()).containsExactly("one");
        assertThat(batch.errors()).extracting(e -> e.errorCode()).containsExactly("ResourceNotFoundException");
        assertThatThrownBy(() -> secrets.client().batchGetSecretValue(r -> {}))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void whatIsNotImplementedIsRefusedByName() {
        assertThatThrownBy(() -> secrets.client()
                        .createSecret(r -> r.name("db")
                                .addReplicaRegions(ReplicaRegionType.builder()
                                        .region("eu-west-1")
                                        .build())))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("AddReplicaRegions");
        assertThatThrownBy(() -> secrets.client().createSecret(r -> r.name("db").kmsKeyId("alias/mine")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("KmsKeyId alias/mine");
    }

    @Test
    void aPasswordHasEveryKindOfCharacterAndNoneExcluded() {
        for (int i = 0; i < 50; i++) {
            String password = secrets.client()
                    .getRandomPassword(r -> r.passwordLength(4L).excludeCharacters("abcXYZ019"))
                    .randomPassword();
            assertThat(password)
                    .hasSize(4)
                    .containsPattern("[d-z]")
                    .containsPattern("[A-W]")
                    .containsPattern("[2-8]")
                    .containsPattern("[^A-Za-z0-9]")
                    .doesNotContainAnyWhitespaces();
        }
        assertThatThrownBy(() -> secrets.client().getRandomPassword(r -> r.passwordLength(3L)))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void theLastAccessIsADay() {
        create("db");
        assertThat(value("db")).isEqualTo("one");
        secrets.flush();

        assertThat(secrets.client().describeSecret(r -> r.secretId("db")).lastAccessedDate())
                .isEqualTo("2026-01-15T00:00:00Z");
    }

    @Test
    void noFileHoldsAValueInClear() throws IOException {
        create("db");
        put("db", TWO, "canary-s3cret");
        secrets.client().createSecret(r -> r.name("bytes").secretBinary(SdkBytes.fromUtf8String("canary-s3cret")));
        assertThat(value("db")).isEqualTo("canary-s3cret");
        secrets.flush();

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.toList())
                    .hasSizeGreaterThan(1)
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(
                                    "canary-s3cret",
                                    Base64.getEncoder()
                                            .encodeToString("canary-s3cret".getBytes(StandardCharsets.UTF_8))));
        }
    }

    @Test
    void aValueOfAnotherVersionIsNotTakenForThis() {
        create("db");
        put("db", TWO, "two");
        secrets.database.write(tx -> {
            try (var swap = tx.connection().createStatement()) {
                return swap.executeUpdate("UPDATE resource SET extra = (SELECT extra FROM resource WHERE name = 'db:"
                        + ONE + "') WHERE name = 'db:" + TWO + "'");
            }
        });

        assertThatThrownBy(() -> value("db"))
                .isInstanceOf(DecryptionFailureException.class)
                .hasMessageNotContaining("one");
    }
}
