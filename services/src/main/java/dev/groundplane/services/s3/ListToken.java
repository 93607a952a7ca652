package dev.groundplane.services.s3;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The place in a listing, as callers hand it back. It says nothing that the listing did not. */
final class ListToken {
    private ListToken() {}

    static String encode(String position) {
        return Base64.getUrlEncoder().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidArgument} */
    static String decode(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Errors.invalidArgument("The continuation token provided is incorrect: %s", token);
        }
    }
}
