package dev.groundplane.agent.journal;

import dev.groundplane.agent.files.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * A file of lines that only grows, until it is replaced by one with the lines that still matter. One flush serves all who
 * wait for theirs. {@link #sync} is thread safe; the rest is for one thread at a time.
 */
final class JournalFile {
    private static final Set<StandardOpenOption> OPEN =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Path path;
    private final ReentrantLock flushing = new ReentrantLock();
    private FileChannel channel;
    private long end;
    /** Counts the bytes ever appended; it goes on where a replacement's offsets begin anew. */
    private volatile long appended;

    private long flushed;

    /**
     * Where a line lies, without its line feed.
     *
     * @param offset in bytes
     * @param length in bytes
     */
    record Line(long offset, int length) {}

    private JournalFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens the file, making it if need be. What follows the last line feed was cut off by a crash and is dropped.
     *
     * @param lines receives all lines, oldest first
     */
    static JournalFile open(Path path, BiConsumer<Line, String> lines) throws IOException {
        var file = new JournalFile(path, create(path));
        var content = Files.readAllBytes(path);
        for (var index = 0; index < content.length; index++) {
            if (content[index] == '\n') {
                var line = new Line(file.end, (int) (index - file.end));
                lines.accept(line, new String(content, (int) line.offset(), line.length(), StandardCharsets.UTF_8));
                file.end = index + 1L;
            }
        }
        return file;
    }

    private static FileChannel create(Path path) throws IOException {
        return FileChannel.open(
                path, OPEN, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** The size in bytes. */
    long size() {
        return end;
    }

    /** Adds a line, which holds no line feed. Without {@link #sync} it outlasts the process only. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time, under the journal's lock
    Line append(String line) throws IOException {
        var bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        write(channel, ByteBuffer.wrap(bytes), end);
        var added = new Line(end, bytes.length - 1);
        end += bytes.length;
        appended += bytes.length;
        return added;
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
        var position = offset;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    /** What a line says. */
    String read(Line line) throws IOException {
        return new String(bytes(line, 0), StandardCharsets.UTF_8);
    }

    private byte[] bytes(Line line, int more) throws IOException {
        var buffer = ByteBuffer.allocate(line.length() + more);
        while (buffer.hasRemaining() && channel.read(buffer, line.offset() + buffer.position()) >= 0) {}
        return buffer.array();
    }

    /** How far the file has come, for {@link #sync}. */
    long appended() {
        return appended;
    }

    /** Returns when everything up to there outlasts a power failure. */
    void sync(long upTo) throws IOException {
        flushing.lock();
        try {
            if (flushed < upTo) {
                var all = appended;
                channel.force(false);
                flushed = all;
            }
        } finally {
            flushing.unlock();
        }
    }

    /**
     * Replaces the file by one with some of its lines. A crash leaves either file whole. The caller makes the directory
     * durable once it knows where its lines lie now: a failure of that must not leave it with the old places.
     *
     * @param kept the lines to keep, in the new file's order
     * @return where they lie now, in the same order
     */
    List<Line> replace(List<Line> kept) throws IOException {
        flushing.lock();
        try {
            var temporary = path.resolveSibling(path.getFileName() + ".tmp");
            Files.deleteIfExists(temporary);
            var replacement = create(temporary);
            List<Line> moved;
            try {
                moved = copy(kept, replacement);
                replacement.force(true);
                Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                replacement.close();
                Files.deleteIfExists(temporary);
                throw e;
            }
            channel.close();
            channel = replacement;
            end = moved.isEmpty()
                    ? 0
                    : moved.getLast().offset() + moved.getLast().length() + 1;
            flushed = appended;
            return moved;
        } finally {
            flushing.unlock();
        }
    }

    /** Makes a replacement of the file outlast a power failure. */
    void synchroniseDirectory() throws IOException {
        DurableFiles.synchronise(path.resolveSibling("."));
    }

    private List<Line> copy(List<Line> kept, FileChannel replacement) throws IOException {
        var moved = new ArrayList<Line>();
        var position = 0L;
        for (var line : kept) {
            var bytes = bytes(line, 1);
            write(replacement, ByteBuffer.wrap(bytes), position);
            moved.add(new Line(position, bytes.length - 1));
            position += bytes.length;
        }
        return moved;
    }
}
