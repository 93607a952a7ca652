package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

class ListingTest {
    @TempDir
    Path directory;

    private S3Fixture s3;

    @BeforeEach
    void open() {
        s3 = new S3Fixture(directory);
        s3.bucket("bucket");
    }

    @AfterEach
    void close() {
        s3.close();
    }

    private void put(String... keys) {
        for (String key : keys) {
            s3.put("bucket", key, "x");
        }
    }

    private ListObjectsV2Response list(String prefix, String delimiter, String startAfter) {
        return s3.client()
                .listObjectsV2(r ->
                        r.bucket("bucket").prefix(prefix).delimiter(delimiter).startAfter(startAfter));
    }

    private static List<String> keys(List<S3Object> objects) {
        return objects.stream().map(S3Object::key).toList();
    }

    private static List<String> prefixes(List<CommonPrefix> prefixes) {
        return prefixes.stream().map(CommonPrefix::prefix).toList();
    }

    @Test
    void keysComeInOrderOfTheirBytes() {
        put("b", "a", "Z", "é", "z", "a/", "a!", "😀", "\uFFFD");
        assertThat(keys(list(null, null, null).contents()))
                .containsExactly("Z", "a", "a!", "a/", "b", "z", "é", "\uFFFD", "😀");
    }

    @Test
    void prefixesAndDelimiters() {
        put("a", "a/1", "a/2", "a/b/1", "ab", "b/1", "c//d");
        assertThat(keys(list(null, "/", null).contents())).containsExactly("a", "ab");
        assertThat(prefixes(list(null, "/", null).commonPrefixes())).containsExactly("a/", "b/", "c/");
        assertThat(keys(list("a/", "/", null).contents())).containsExactly("a/1", "a/2");
        assertThat(prefixes(list("a/", "/", null).commonPrefixes())).containsExactly("a/b/");
        assertThat(prefixes(list("c/", "/", null).commonPrefixes())).containsExactly("c//");
        assertThat(keys(list("x", null, null).contents())).isEmpty();
        assertThat(keys(list(null, null, "a/2").contents())).containsExactly("a/b/1", "ab", "b/1", "c//d");
        assertThat(keys(list("a", null, "Z").contents())).containsExactly("a", "a/1", "a/2", "a/b/1", "ab");
    }

    @Test
    void pagesFitTogether() {
        TreeSet<String> expected = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            String key = "d%02d/k%d".formatted(i / 4, i);
            put(key);
            expected.add(key);
            put("r%02d".formatted(i));
            expected.add("r%02d".formatted(i));
        }
        for (int most : new int[] {1, 2, 3, 7, 80}) {
            List<String> seen = new ArrayList<>();
            List<String> rolled = new ArrayList<>();
            String token = null;
            String tokenWithDelimiter = null;
            do {
                String from = token;
                ListObjectsV2Response page = s3.client()
                        .listObjectsV2(r -> r.bucket("bucket").maxKeys(most).continuationToken(from));
                seen.addAll(keys(page.contents()));
                token = page.nextContinuationToken();
            } while (token != null);
            do {
                String from = tokenWithDelimiter;
                ListObjectsV2Response page = s3.client()
                        .listObjectsV2(r ->
                                r.bucket("bucket").maxKeys(most).delimiter("/").continuationToken(from));
                assertThat(page.keyCount()).isLessThanOrEqualTo(most);
                rolled.addAll(prefixes(page.commonPrefixes()));
                tokenWithDelimiter = page.nextContinuationToken();
            } while (tokenWithDelimiter != null);
            assertThat(seen).as("pages of %d", most).containsExactlyElementsOf(expected);
            assertThat(rolled).as("pages of %d", most).hasSize(10).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void firstVersionOfTheListing() {
        put("a/1", "a/2", "b", "c");
        ListObjectsResponse page =
                s3.client().listObjects(r -> r.bucket("bucket").delimiter("/").maxKeys(1));
        assertThat(prefixes(page.commonPrefixes())).containsExactly("a/");
        assertThat(page.nextMarker()).isEqualTo("a/");
        ListObjectsResponse rest =
                s3.client().listObjects(r -> r.bucket("bucket").delimiter("/").marker(page.nextMarker()));
        assertThat(keys(rest.contents())).containsExactly("b", "c");
        assertThat(rest.commonPrefixes()).isEmpty();
    }

    @Test
    void keysCanBeEncoded() {
        put("a b+c/é&");
        ListObjectsV2Response page =
                s3.client().listObjectsV2(r -> r.bucket("bucket").encodingType("url"));
        assertThat(keys(page.contents())).containsExactly("a%20b%2Bc/%C3%A9%26");
    }

    @Test
    void versionsComeNewestFirst() {
        s3.versioned("kept");
        s3.put("kept", "a", "1");
        s3.put("kept", "a", "2");
        s3.put("kept", "b", "1");
        s3.client().deleteObject(r -> r.bucket("kept").key("a"));
        ListObjectVersionsResponse all = s3.client().listObjectVersions(r -> r.bucket("kept"));
        assertThat(all.versions()).extracting(v -> v.key() + v.isLatest()).containsExactly("afalse", "afalse", "btrue");
        assertThat(all.deleteMarkers()).extracting(m -> m.key() + m.isLatest()).containsExactly("atrue");
        List<String> ids = new ArrayList<>();
        String key = null;
        String id = null;
        boolean more = true;
        while (more) {
            String keyMarker = key;
            String idMarker = id;
            ListObjectVersionsResponse page = s3.client()
                    .listObjectVersions(r ->
                            r.bucket("kept").maxKeys(1).keyMarker(keyMarker).versionIdMarker(idMarker));
            page.versions().forEach(v -> ids.add(v.versionId()));
            page.deleteMarkers().forEach(m -> ids.add(m.versionId()));
            key = page.nextKeyMarker();
            id = page.nextVersionIdMarker();
            more = page.isTruncated();
        }
        assertThat(ids).hasSize(4).doesNotHaveDuplicates();
        assertThat(keys(s3.client().listObjectsV2(r -> r.bucket("kept")).contents()))
                .containsExactly("b");
        assertThat(all.versions().stream().map(v -> v.key()).sorted(Comparator.naturalOrder()))
                .hasSize(3);
    }
}
