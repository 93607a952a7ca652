package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumKindTest {
    private static byte[] of(ChecksumKind kind, byte[] content, int from, int to) {
        ChecksumKind.Accumulator accumulator = kind.accumulator();
        accumulator.update(content, from, to - from);
        return accumulator.finish();
    }

    /** The check values of the catalogue of parametrised CRC algorithms. */
    @ParameterizedTest
    @CsvSource({"CRC32, cbf43926", "CRC32C, e3069283", "CRC64NVME, ae8b14860a799888"})
    void checkValues(ChecksumKind kind, String expected) {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(HexFormat.of().formatHex(of(kind, digits, 0, digits.length))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumKind.class,
            names = {"CRC32", "CRC32C", "CRC64NVME"})
    void checksumsOfTwoHalvesCombine(ChecksumKind kind) {
        byte[] content = new byte[10_007];
        new Random(7).nextBytes(content);
        Base64.Encoder base64 = Base64.getEncoder();
        String whole = base64.encodeToString(of(kind, content, 0, content.length));
        for (int cut : new int[] {0, 1, 7, 4096, 10_006, 10_007}) {
            assertThat(kind.combine(
                            base64.encodeToString(of(kind, content, 0, cut)),
                            base64.encodeToString(of(kind, content, cut, content.length)),
                            content.length - cut))
                    .as("cut at %d", cut)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 100_003})
    void longContentsHaveTheSumOfTheirBytes(int size) {
        byte[] content = new byte[size + 3];
        new Random(size).nextBytes(content);
        Crc64 bytes = new Crc64();
        for (int at = 3; at < content.length; at++) {
            bytes.update(content, at, 1);
        }
        assertThat(of(ChecksumKind.CRC64NVME, content, 3, content.length)).isEqualTo(bytes.finish());
    }
}
