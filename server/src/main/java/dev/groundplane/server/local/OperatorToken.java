package dev.groundplane.server.local;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;

/** What operators and their monitoring show to be told about the control plane. A new one is made when the file is gone. */
public final class OperatorToken {
    private static final int BYTES = 32;

    private OperatorToken() {}

    /** The installation's token; made with the first start. */
    public static String of(DataDirectory data) {
        try {
            if (Files.exists(data.operatorToken())) {
                return Files.readString(data.operatorToken()).strip();
            }
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot read %s: %s".formatted(data.operatorToken(), e.getMessage()), e);
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        data.writePrivately(data.operatorToken(), token + "\n");
        return token;
    }
}
