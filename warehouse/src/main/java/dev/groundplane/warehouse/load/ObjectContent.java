package dev.groundplane.warehouse.load;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.S3Location;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What S3 sends of an object. A connection that breaks is told apart from contents that cannot be read. */
final class ObjectContent extends FilterInputStream {
    private final S3Location location;

    ObjectContent(InputStream content, S3Location location) {
        super(content);
        this.location = location;
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return super.read(buffer, offset, length);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private SqlFailure broken(IOException cause) {
        return SqlFailure.of(
                SqlState.CONNECTION_FAILURE, "S3 has not sent all of %s: %s".formatted(location, cause.getMessage()));
    }
}
