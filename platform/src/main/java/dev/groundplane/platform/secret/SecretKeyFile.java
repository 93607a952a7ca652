package dev.groundplane.platform.secret;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/**
 * The file that holds the installation's key: one line, {@code groundplane-key-1 ID KEY}, with the key in base64 and an id
 * made from it, which shows damage. It is made once and must be kept with every backup of the database.
 */
public final class SecretKeyFile {
    private static final Pattern FORM = Pattern.compile("groundplane-key-1 ([0-9a-f]{8}) ([A-Za-z0-9+/]{43}=)");
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 4;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private SecretKeyFile() {}

    /**
     * Reads the key, or makes it when neither it nor the database exists.
     *
     * @param file the key's file
     * @param database what was encrypted with the key: when it exists, a missing key is an error and never replaced
     * @throws GroundplaneException when the key is missing, damaged, or readable by others
     */
    public static Encryption open(Path file, Path database) {
        return open(file, Files.exists(database) ? Optional.of(database.toString()) : Optional.empty());
    }

    /**
     * Reads the key, or makes it when neither it nor anything that is encrypted with it exists.
     *
     * @param database what was encrypted with the key; empty when nothing was
     * @throws GroundplaneException when the key is missing, damaged, or readable by others
     */
    public static Encryption open(Path file, Optional<String> database) {
        try {
            if (!Files.exists(file)) {
                if (database.isPresent()) {
                    throw new GroundplaneException(
                            ErrorKind.USER_ERROR,
                            "the key %s is missing, but the database %s, which was encrypted with it, is there;"
                                            .formatted(file, database.get())
                                    + " restore the key from the backup that the database came from, or copy it from"
                                    + " another control plane that uses this database");
                }
                make(file);
            }
            return read(file);
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot use the key %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static Encryption read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!PRIVATE.containsAll(permissions)) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "the key %s may be read by others (%s); run: chmod 600 %s"
                            .formatted(file, PosixFilePermissions.toString(permissions), file));
        }
        Matcher line =
                FORM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        if (line.matches()) {
            byte[] key = Base64.getDecoder().decode(line.group(2));
            byte[] id = id(key);
            if (HexFormat.of().formatHex(id).equals(line.group(1))) {
                return new Encryption(new SecretKeySpec(key, "AES"), id);
            }
        }
        throw new GroundplaneException(
                ErrorKind.USER_ERROR,
                "the key %s is damaged; restore it from the backup that the database came from".formatted(file));
    }

    /** Writes the key whole or not at all, and durably: what is encrypted with it may be durable a moment later. */
    private static void make(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        String line = "groundplane-key-1 %s %s%n"
                .formatted(
                        HexFormat.of().formatHex(id(key)), Base64.getEncoder().encodeToString(key));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.writeString(next, line);
        sync(next, StandardOpenOption.WRITE);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.resolveSibling("."), StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private static byte[] id(byte[] key) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(key), ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
