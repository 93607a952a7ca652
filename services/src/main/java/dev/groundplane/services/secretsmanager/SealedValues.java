package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SealedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;

/** Values as they lie in the store: sealed for their secret's ARN and version. Thread-safe. */
final class SealedValues {
    private static final Logger LOG = LoggerFactory.getLogger(SealedValues.class);
    private static final String TYPE = "secretsmanager:secret-version";
    /** The extra of a version that holds its sealed text or bytes. */
    private static final String TEXT = "text";

    private static final String BYTES = "bytes";

    private final Encryption encryption;

    SealedValues(Encryption encryption) {
        this.encryption = encryption;
    }

    /** The extras of a version that holds the value. */
    Map<String, String> seal(String arn, String versionId, SecretValue value) {
        byte[] sealed = encryption.seal(TYPE, name(arn, versionId), value.bytes());
        return Map.of(value.isText() ? TEXT : BYTES, Base64.getEncoder().encodeToString(sealed));
    }

    /** @throws DecryptionFailureException when this installation's key does not open it */
    SecretValue open(String arn, String versionId, Map<String, String> extra) {
        String text = extra.get(TEXT);
        String sealed = text == null ? extra.getOrDefault(BYTES, "") : text;
        try {
            byte[] opened = encryption.open(
                    TYPE, name(arn, versionId), Base64.getDecoder().decode(sealed));
            return text == null
                    ? SecretValue.ofBytes(opened)
                    : SecretValue.ofText(new String(opened, StandardCharsets.UTF_8));
        } catch (SealedException e) {
            LOG.error("cannot decrypt version {} of {}: {}", versionId, arn, e.getMessage());
            throw DecryptionFailureException.builder()
                    .message("Secrets Manager can't decrypt the protected secret text using the provided KMS key.")
                    .build();
        }
    }

    /** Compares without telling by the time how much is alike. */
    static boolean same(SecretValue one, SecretValue other) {
        return one.isText() == other.isText() && MessageDigest.isEqual(one.bytes(), other.bytes());
    }

    private static String name(String arn, String versionId) {
        return arn + "/" + versionId;
    }
}
