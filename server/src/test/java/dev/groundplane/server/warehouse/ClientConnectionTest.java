package dev.groundplane.server.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.pgwire.Parking;
import dev.groundplane.pgwire.StartupPacket;
import dev.groundplane.server.warehouse.EchoWorker.Reply;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ClientConnectionTest {
    private final WorkerLink link = new WorkerLink();
    private EchoWorker worker;
    private Socket client;
    private ClientConnection connection;

    @BeforeEach
    void connect() throws Exception {
        worker = new EchoWorker(link);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            Socket there = listener.accept();
            byte[] startup = new StartupPacket.Startup(0, Map.of("user", "admin")).encode();
            connection = new ClientConnection(there, there.getInputStream(), startup, worker);
            Thread.ofVirtual().start(() -> {
                try (there) {
                    connection.run();
                } catch (IOException | InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        assertThat(answer()).isEqualTo("ready");
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        worker.close();
    }

    private static byte[] query(String text) {
        return ByteBuffer.allocate(1 + Integer.BYTES + text.length() + 1)
                .put((byte) 'Q')
                .putInt(Integer.BYTES + text.length() + 1)
                .put(text.getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0)
                .array();
    }

    private void say(String text) throws IOException {
        client.getOutputStream().write(query(text));
    }

    /** The answer to one query, {@code ready} for none, {@code end} when the connection has ended. */
    private String answer() throws IOException {
        DataInputStream input = new DataInputStream(client.getInputStream());
        String text = "ready";
        for (int type = input.read(); type >= 0; type = input.read()) {
            byte[] content = input.readNBytes(input.readInt() - Integer.BYTES);
            if (type == 'Z') {
                return text;
            }
            text = new String(content, 0, content.length - 1, StandardCharsets.US_ASCII);
        }
        return "end";
    }

    private String ask(String text) throws IOException {
        say(text);
        return answer();
    }

    /** Asks as often as it takes until the worker has the question: what passed last may not have been noted yet. */
    private void askedToPark() throws InterruptedException {
        Long question;
        do {
            connection.parkIfSilent(Duration.ZERO);
            question = worker.questions.poll(10, TimeUnit.MILLISECONDS);
        } while (question == null);
    }

    private void park() throws InterruptedException {
        worker.reply(Reply.PARKS);
        askedToPark();
        worker.released.take();
    }

    @Test
    void aParkedSessionGoesOnWithWhatItWas() throws Exception {
        assertThat(ask("one")).isEqualTo("one");
        park();
        assertThat(ask("two")).isEqualTo("two");
        park();
        assertThat(ask("three")).isEqualTo("three");

        assertThat(worker.beginnings).containsExactly("", "one;", "one;two;");
    }

    @ParameterizedTest
    @EnumSource(names = {"PARKS", "PARKS_LATE", "STAYS"})
    void whatIsSaidWhileTheWorkerIsAskedIsAnsweredOnce(Reply reply) throws Exception {
        ask("one");
        askedToPark();
        say("two");
        say("three");
        worker.reply(reply);

        assertThat(answer()).isEqualTo("two");
        assertThat(answer()).isEqualTo("three");
        assertThat(ask("four")).isEqualTo("four");
        assertThat(worker.beginnings)
                .hasSize(reply == Reply.STAYS ? 1 : 2)
                .first()
                .isEqualTo("");
        assertThat(worker.beginnings).last().isIn("", "one;");
    }

    @Test
    void aSessionThatStaysIsAskedAgain() throws Exception {
        worker.reply(Reply.STAYS);
        askedToPark();
        assertThat(ask("one")).isEqualTo("one");

        park();
        assertThat(ask("two")).isEqualTo("two");
    }

    @Test
    void aWorkerThatDiesAsItIsAskedTakesTheSessionWithIt() throws Exception {
        ask("one");
        worker.reply(Reply.DIES);
        askedToPark();

        assertThat(answer()).isEqualTo("end");
    }

    @Test
    void aParkedSessionOutlivesItsWorker() throws Exception {
        ask("one");
        park();
        worker.close();
        while (link.isReady()) {
            Thread.onSpinWait();
        }
        worker = new EchoWorker(link);

        assertThat(ask("two")).isEqualTo("two");
        assertThat(worker.beginnings).containsExactly("one;");
    }

    @Test
    void aClientThatLeavesWhileTheWorkerIsAskedLeavesNothingThere() throws Exception {
        ask("one");
        askedToPark();
        client.close();

        worker.released.take();
        worker.reply(Reply.PARKS);
    }

    @Test
    void aSessionIsNotAskedInTheMiddleOfAMessage() throws Exception {
        byte[] message = query("two");
        client.getOutputStream()
                .write(ByteBuffer.allocate(query("one").length + 3)
                        .put(query("one"))
                        .put(message, 0, 3)
                        .array());
        assertThat(answer()).isEqualTo("one");
        while (!connection.isQuiet()) { // else that alone keeps the session
            Thread.onSpinWait();
        }
        connection.parkIfSilent(Duration.ZERO);
        client.getOutputStream().write(Arrays.copyOfRange(message, 3, message.length));

        assertThat(answer()).isEqualTo("two");
        assertThat(worker.questions).isEmpty();
    }

    @Test
    void aSessionInATransactionIsNotAsked() throws Exception {
        ask("BEGIN");
        ask("one");
        connection.parkIfSilent(Duration.ZERO);

        assertThat(ask("two")).isEqualTo("two");
        assertThat(worker.questions).isEmpty();
    }

    @Test
    void aClientCannotParkItself() throws Exception {
        client.getOutputStream().write(Parking.request());

        assertThat(answer()).isEqualTo("end");
        assertThat(worker.questions).isEmpty();
    }
}
