package dev.groundplane.warehouse.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.pgwire.MessageOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decimals in both formats, those of a long and larger ones. */
final class DecimalsTest {
    private static Stream<BigDecimal> edges() {
        return Stream.of(
                        "0",
                        "0.00",
                        "-0.05",
                        "0.0001",
                        "1",
                        "-1",
                        "9999",
                        "10000",
                        "100000000",
                        "10000.5",
                        "99999999.9999",
                        "-999999999999999999",
                        "0.999999999999999999",
                        "9223372036854775808",
                        "-9223372036854775808",
                        "12345678901234567890123456789.0123456789")
                .map(BigDecimal::new);
    }

    @ParameterizedTest
    @MethodSource("edges")
    void edgesAreWritten(BigDecimal value) throws IOException {
        assertThat(text(value)).isEqualTo(value.toPlainString());
        assertThat(BinaryNumeric.decode(ByteBuffer.wrap(BinaryNumeric.encode(value))))
                .isEqualTo(value);
    }

    @Provide
    Arbitrary<BigDecimal> decimals() {
        return Combinators.combine(
                        Arbitraries.bigIntegers().between(BigInteger.TEN.pow(38).negate(), BigInteger.TEN.pow(38)),
                        Arbitraries.integers().between(0, 38),
                        Arbitraries.integers().between(0, 20))
                .as((unscaled, digits, scale) -> new BigDecimal(unscaled.mod(BigInteger.TEN.pow(digits + 1)), scale));
    }

    @Property
    void textIsPlain(@ForAll("decimals") BigDecimal value) throws IOException {
        assertThat(text(value)).isEqualTo(value.toPlainString());
        assertThat(text(value.negate())).isEqualTo(value.negate().toPlainString());
    }

    @Property
    void binaryIsReadAgain(@ForAll("decimals") BigDecimal value) {
        assertThat(BinaryNumeric.decode(ByteBuffer.wrap(BinaryNumeric.encode(value))))
                .isEqualTo(value);
    }

    private static String text(BigDecimal value) throws IOException {
        var sent = new ByteArrayOutputStream();
        var output = new MessageOutput(sent);
        output.beginRow(1);
        TextValues.decimal(value, output);
        output.endRow();
        output.flush();
        var input = new DataInputStream(new ByteArrayInputStream(sent.toByteArray()));
        input.skipNBytes(1 + Integer.BYTES + Short.BYTES);
        return new String(input.readNBytes(input.readInt()), StandardCharsets.US_ASCII);
    }
}
