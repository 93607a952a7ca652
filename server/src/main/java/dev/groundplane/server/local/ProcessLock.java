package dev.groundplane.server.local;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second process out of a data directory. The kernel releases it however the process ends. */
public final class ProcessLock implements AutoCloseable {
    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws GroundplaneException when another process holds it */
    public static ProcessLock take(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw inUse(file);
            }
            return new ProcessLock(channel);
        } catch (OverlappingFileLockException e) {
            throw inUse(file);
        } catch (IOException e) {
            throw new GroundplaneException(ErrorKind.EXTERNAL, "cannot lock %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static GroundplaneException inUse(Path file) {
        return new GroundplaneException(
                ErrorKind.USER_ERROR,
                "a control plane is already running in %s; 'groundplane status' shows it, --data chooses another directory"
                        .formatted(file.getParent()));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "cannot release the lock", e);
        }
    }
}
