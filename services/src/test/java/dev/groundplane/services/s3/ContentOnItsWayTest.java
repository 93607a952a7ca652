package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Content passes whole and unchanged, or ends short of what was promised. */
class ContentOnItsWayTest {
    private static final int BUFFER = 64 * 1024;

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    private static ContentOnItsWay content(PutObjectRequest request, InputStream source, long length) {
        return new ContentOnItsWay(request, RequestBody.fromContentProvider(() -> source, length, "text/plain"));
    }

    /** What comes out before it fails; it must fail. */
    private static byte[] beforeItFails(ContentOnItsWay content) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        assertThatIOException().isThrownBy(() -> content.transferTo(passed));
        return passed.toByteArray();
    }

    @Property(tries = 60)
    void contentOfAnySizePassesUnchanged(@ForAll @IntRange(max = 3 * BUFFER + 1) int size) throws Exception {
        byte[] sent = bytes(size);
        String md5 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(sent));
        ContentOnItsWay content =
                content(PutObjectRequest.builder().contentMD5(md5).build(), new ByteArrayInputStream(sent), size);
        assertThat(content.readAllBytes()).isEqualTo(sent);
        assertThat(content.read()).isEqualTo(-1);
        assertThat(content.size()).isEqualTo(size);
        content.requireWhole();
    }

    @Property(tries = 60)
    void contentWithAnotherDigestEndsEarly(@ForAll @IntRange(min = 1, max = 3 * BUFFER + 1) int size) {
        String md5 = Base64.getEncoder().encodeToString(new byte[16]);
        ContentOnItsWay content = content(
                PutObjectRequest.builder().contentMD5(md5).build(), new ByteArrayInputStream(bytes(size)), size);
        assertThat(beforeItFails(content)).hasSizeLessThan(size);
        assertThatThrownBy(content::requireWhole)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BadDigest"));
    }

    @Test
    void contentThatBreaksOffOrHasAnotherLengthEndsEarly() throws IOException {
        InputStream gone = InputStream.nullInputStream();
        gone.close(); // whoever reads it is refused
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(bytes(BUFFER)), gone);
        ContentOnItsWay content = content(PutObjectRequest.builder().build(), broken, 2 * BUFFER);
        assertThat(beforeItFails(content)).hasSizeLessThan(BUFFER);
        assertThatThrownBy(content::requireWhole).hasMessageContaining("number of bytes");
        ContentOnItsWay shorter = content(PutObjectRequest.builder().build(), new ByteArrayInputStream(bytes(10)), 11);
        assertThat(beforeItFails(shorter)).isEmpty();
    }
}
