package dev.groundplane.services.s3.external;

import dev.groundplane.services.s3.ContentOnItsWay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Has content sent to the other S3. What cannot tell its length or its checksum before its end, such as the file in a browser's form, lies in
 * a file first: so both can be sent before it, which every S3 takes.
 */
record SpooledContent(Path directory) {
    private static final Logger LOG = LoggerFactory.getLogger(SpooledContent.class);
    private static final String TYPE = "application/octet-stream";

    /**
     * Sends it.
     *
     * @param request makes the request with the content, once
     * @throws software.amazon.awssdk.services.s3.model.S3Exception what was wrong with the content; then nothing was stored
     */
    <R> R send(ContentOnItsWay content, Function<RequestBody, R> request) {
        @Nullable Path file = null;
        try {
            if (content.length().isPresent() && !content.isFollowed()) {
                return request.apply(RequestBody.fromContentProvider(
                        () -> content, content.length().getAsLong(), TYPE));
            }
            file = spooled(content);
            return request.apply(RequestBody.fromFile(file));
        } catch (SdkException | UncheckedIOException e) {
            content.requireWhole();
            content.drain();
            throw e;
        } finally {
            delete(file);
        }
    }

    private Path spooled(ContentOnItsWay content) {
        try {
            Path file = Files.createTempFile(Files.createDirectories(directory), "form", "");
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("{} is left over: {}", file, e.toString());
        }
    }
}
