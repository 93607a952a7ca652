package dev.groundplane.platform.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptionTest {
    private static final String TYPE = "test:secret";

    @TempDir
    private Path directory;

    private Path file;
    private Path database;
    private Encryption encryption;

    @BeforeEach
    void makeKey() {
        file = directory.resolve("secret.key");
        database = directory.resolve("groundplane.db");
        encryption = SecretKeyFile.open(file, database);
    }

    @Test
    void opensWhatItSealed() throws SealedException {
        String sealed = encryption.seal(TYPE, "name", "päss\nword");

        assertThat(sealed).doesNotContain("word");
        assertThat(encryption.open(TYPE, "name", sealed)).isEqualTo("päss\nword");
        assertThat(encryption.open(TYPE, "name", encryption.seal(TYPE, "name", "")))
                .isEmpty();
    }

    @Test
    void sealsTheSameValueDifferentlyEachTime() {
        assertThat(encryption.seal(TYPE, "name", "value")).isNotEqualTo(encryption.seal(TYPE, "name", "value"));
    }

    @Test
    void aPseudonymIsTheSameAlwaysAndAnotherForAnyOtherResourceOrKey() {
        String pseudonym = encryption.pseudonym("a", "bc");

        assertThat(pseudonym).matches("[0-9a-f]{32}");
        assertThat(SecretKeyFile.open(file, database).pseudonym("a", "bc")).isEqualTo(pseudonym);
        assertThat(encryption.pseudonym("ab", "c")).isNotEqualTo(pseudonym);
        assertThat(encryption.pseudonym("a", "bd")).isNotEqualTo(pseudonym);
        assertThat(SecretKeyFile.open(directory.resolve("other.key"), database).pseudonym("a", "bc"))
                .isNotEqualTo(pseudonym);
    }

    @Test
    void refusesAValueOfAnotherResource() {
        String sealed = encryption.seal("a", "bc", "value");

        assertThatThrownBy(() -> encryption.open("a", "bd", sealed)).isInstanceOf(SealedException.class);
        assertThatThrownBy(() -> encryption.open("ab", "c", sealed)).isInstanceOf(SealedException.class);
    }

    @Test
    void refusesEveryChangedByte() {
        byte[] sealed = encryption.seal(TYPE, "name", "value".getBytes(StandardCharsets.UTF_8));

        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> encryption.open(TYPE, "name", changed)).isInstanceOf(SealedException.class);
        }
    }

    @Test
    void refusesWhatIsNotSealed() {
        assertThatThrownBy(() -> encryption.open(TYPE, "name", new byte[0])).isInstanceOf(SealedException.class);
        assertThatThrownBy(() -> encryption.open(TYPE, "name", "no base64!"))
                .isInstanceOf(SealedException.class)
                .hasMessage("not base64");
    }

    @Test
    void opensWithTheKeyReadAgain() throws SealedException {
        String sealed = encryption.seal(TYPE, "name", "value");

        assertThat(SecretKeyFile.open(file, database).open(TYPE, "name", sealed))
                .isEqualTo("value");
    }

    @Test
    void namesBothKeysWhenAValueIsAnotherInstallations() {
        String sealed =
                SecretKeyFile.open(directory.resolve("other.key"), database).seal(TYPE, "name", "value");

        assertThatThrownBy(() -> encryption.open(TYPE, "name", sealed))
                .isInstanceOf(SealedException.class)
                .hasMessageMatching("sealed with key [0-9a-f]{8}, this installation's key is [0-9a-f]{8}");
    }

    @Test
    void keepsTheKeyFromOthers() throws IOException {
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> SecretKeyFile.open(file, database))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void neverReplacesTheKeyOfADatabase() throws IOException {
        Files.delete(file);
        Files.createFile(database);

        assertThatThrownBy(() -> SecretKeyFile.open(file, database))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("is missing")
                .hasMessageContaining("restore the key from the backup");
        assertThat(file).doesNotExist();
    }

    @Test
    void saysThatAKeyIsDamaged() throws IOException {
        String line = Files.readString(file);
        char last = line.charAt(30);
        Files.writeString(file, line.substring(0, 30) + (last == 'A' ? 'B' : 'A') + line.substring(31));

        assertThatThrownBy(() -> SecretKeyFile.open(file, database))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("is damaged");
    }
}
