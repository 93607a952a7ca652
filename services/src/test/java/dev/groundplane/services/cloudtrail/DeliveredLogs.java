package dev.groundplane.services.cloudtrail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.services.cloudtrail.model.PublicKey;

/** Reads delivered objects, and checks digests as {@code aws cloudtrail validate-logs} does (awscli, validation.py). */
final class DeliveredLogs {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, FakeBuckets.Written> objects;
    private final Map<String, PublicKey> keys;

    DeliveredLogs(FakeBuckets buckets, List<PublicKey> keys) {
        this.objects = buckets.objects;
        this.keys = keys.stream().collect(Collectors.toMap(PublicKey::fingerprint, key -> key));
    }

    List<String> keys(String folder) {
        return objects.keySet().stream()
                .filter(key -> key.contains("/" + folder + "/"))
                .toList();
    }

    /** The names of all delivered events, in the order of files. */
    List<String> events() {
        List<String> events = new ArrayList<>();
        for (String key : keys("CloudTrail")) {
            json(key)
                    .path("Records")
                    .forEach(record -> events.add(record.path("eventName").asText()));
        }
        return events;
    }

    JsonNode json(String key) {
        try {
            return JSON.readTree(inflated(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] inflated(String key) {
        FakeBuckets.Written object = objects.get(key);
        if (object == null) {
            throw new AssertionError("not found: " + key);
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(object.content()))) {
            return gzip.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Follows the chain backwards from the newest digest of a region.
     *
     * @return the log files that valid digests list, newest digest first
     */
    List<String> validate(String region) {
        List<String> digests = keys("CloudTrail-Digest/" + region);
        List<String> files = new ArrayList<>();
        String next = digests.getLast();
        int valid = 0;
        while (next != null) {
            JsonNode digest = json(next);
            validate(next, digest);
            for (JsonNode file : digest.path("logFiles")) {
                String name = file.path("s3Bucket").asText() + "/"
                        + file.path("s3Object").asText();
                require(hash(inflated(name)).equals(file.path("hashValue").asText()), "hash of " + name);
                files.add(name);
            }
            valid++;
            next = digest.path("previousDigestS3Object").isNull()
                    ? null
                    : digest.path("previousDigestS3Bucket").asText() + "/"
                            + digest.path("previousDigestS3Object").asText();
        }
        require(valid == digests.size(), "%d of %d digests in the chain".formatted(valid, digests.size()));
        return files;
    }

    private void validate(String name, JsonNode digest) {
        require(
                name.equals(digest.path("digestS3Bucket").asText() + "/"
                        + digest.path("digestS3Object").asText()),
                "place of " + name);
        PublicKey key = keys.get(digest.path("digestPublicKeyFingerprint").asText());
        require(key != null, "key of " + name);
        String toSign = String.join(
                "\n",
                digest.path("digestEndTime").asText(),
                name,
                hash(inflated(name)),
                digest.path("previousDigestSignature").asText());
        Map<String, String> metadata = objects.get(name).metadata();
        require("SHA256withRSA".equals(metadata.get("signature-algorithm")), "algorithm of " + name);
        require(isSigned(key, toSign, metadata.get("signature")), "signature of " + name);
    }

    private static boolean isSigned(PublicKey key, String text, String hex) {
        try {
            Pkcs1 parsed = new Pkcs1(key.value().asByteArray());
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(
                    KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(parsed.next(), parsed.next())));
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.verify(HexFormat.of().parseHex(hex));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads a DER sequence of integers. */
    private static final class Pkcs1 {
        private final ByteArrayInputStream der;

        Pkcs1(byte[] bytes) {
            der = new ByteArrayInputStream(bytes);
            require(der.read() == 0x30, "a sequence");
            require(length() == der.available(), "its length");
        }

        BigInteger next() {
            require(der.read() == 0x02, "an integer");
            byte[] content = new byte[length()];
            require(der.read(content, 0, content.length) == content.length, "its content");
            return new BigInteger(content);
        }

        private int length() {
            int first = der.read();
            if (first < 0x80) {
                return first;
            }
            int length = 0;
            for (int i = 0; i < (first & 0x7F); i++) {
                length = length << 8 | der.read();
            }
            return length;
        }
    }

    private static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Content.sha256(bytes));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("invalid: " + what);
        }
    }
}
