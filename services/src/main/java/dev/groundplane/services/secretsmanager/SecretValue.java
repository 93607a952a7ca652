package dev.groundplane.services.secretsmanager;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/** What is secret: text or bytes. It shows itself to nobody by accident: {@code toString} tells nothing. */
final class SecretValue {
    private static final int MAX_BYTES = 65_536;

    private final byte[] bytes;
    private final boolean text;

    private SecretValue(byte[] bytes, boolean text) {
        this.bytes = bytes;
        this.text = text;
    }

    static SecretValue ofText(String text) {
        return new SecretValue(text.getBytes(StandardCharsets.UTF_8), true);
    }

    static SecretValue ofBytes(byte[] bytes) {
        return new SecretValue(bytes, false);
    }

    /**
     * The value that a request brings, if any.
     *
     * @throws software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException when it brings two, or one
     *     that is empty or longer than 65,536 bytes
     */
    static Optional<SecretValue> of(@Nullable String text, @Nullable SdkBytes bytes) {
        if (text != null && bytes != null) {
            throw SecretErrors.invalidParameter(
                    "You can't specify both a binary secret value and a string secret value in the same secret.");
        }
        if (text != null) {
            return Optional.of(checked("secretString", ofText(text)));
        }
        return bytes == null ? Optional.empty() : Optional.of(checked("secretBinary", ofBytes(bytes.asByteArray())));
    }

    private static SecretValue checked(String member, SecretValue value) {
        if (value.bytes.length == 0) {
            throw Parameters.violation(member, "Member must have length greater than or equal to 1");
        }
        if (value.bytes.length > MAX_BYTES) {
            throw Parameters.violation(member, "Member must have length less than or equal to " + MAX_BYTES);
        }
        return value;
    }

    boolean isText() {
        return text;
    }

    /** The text in UTF-8, or the bytes. */
    byte[] bytes() {
        return bytes.clone();
    }

    @Nullable
    String text() {
        return text ? new String(bytes, StandardCharsets.UTF_8) : null;
    }

    @Nullable
    SdkBytes binary() {
        return text ? null : SdkBytes.fromByteArray(bytes);
    }

    @Override
    public String toString() {
        return "SecretValue[hidden]";
    }
}
