package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Copy jobs, as users make them and as the control plane has them look. */
class CopyJobTest extends StorageFixture {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final String PRICES = "COPY price FROM 's3://bucket/in/'" + AS_ROLE + "CSV JOB CREATE prices";

    private final List<String> watched = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final List<ObjectNode> arrivals = new ArrayList<>();
    private boolean away;

    @Override
    synchronized JsonNode answer(String operation, Map<String, ?> members) {
        if (away) {
            throw SqlFailure.of("08006", "the control plane is away");
        }
        var request = JSON.<JsonNode>valueToTree(members);
        var answer = JSON.createObjectNode();
        switch (operation) {
            case "WatchCopyJobs" -> {
                watched.clear();
                request.path("jobs")
                        .forEach(job -> watched.add("%s %s s3://%s/%s"
                                .formatted(
                                        job.path("database").asText(),
                                        job.path("name").asText(),
                                        job.path("bucket").asText(),
                                        job.path("prefix").asText())));
            }
            case "TakeCopyJobFiles" -> {
                request.path("done").forEach(one -> done.add(one.path("number").asText()));
                answer.putArray("jobs").addAll(arrivals);
                arrivals.clear();
            }
            case "ReportCopyJobs" -> {}
            default -> throw new AssertionError(operation);
        }
        return answer;
    }

    /** A file lands, and the control plane tells of it. */
    private void land(String key, String content) throws SQLException {
        server.s3().put(key, content);
        tell(key);
    }

    private void tell(String... keys) throws SQLException {
        var job = JSON.createObjectNode()
                .put("database", "dev")
                .put(
                        "id",
                        Long.parseLong(rows("SELECT job_id FROM sys_copy_job")
                                .getFirst()
                                .getFirst()))
                .put("number", 7);
        var files = job.putArray("files");
        for (var key : keys) {
            files.addObject()
                    .put("key", key)
                    .put("bytes", server.s3().objects.get(key).length)
                    .put("etag", "e")
                    .put("modified", 0);
        }
        synchronized (this) {
            arrivals.add(job);
        }
        server.copyJobs().look();
    }

    private void await(String query, String... rows) throws Exception {
        var end = Instant.now().plus(LONGEST_WAIT);
        while (true) {
            try {
                assertThat(rows(query).stream().map(row -> String.join("|", row)))
                        .containsExactly(rows);
                return;
            } catch (AssertionError e) {
                if (Instant.now().isAfter(end)) {
                    fail(e);
                }
                Thread.sleep(5);
            }
        }
    }

    private void makePrices() throws SQLException {
        run("CREATE TABLE price(id INTEGER, name VARCHAR(10))");
        run(PRICES);
    }

    @Test
    void each_file_that_lands_is_loaded_once() throws Exception {
        server.s3().put("in/before", "0,before\n");
        makePrices();
        assertThat(watched).containsExactly("dev prices s3://bucket/in/");

        land("in/a", "1,a\n");
        await("SELECT * FROM price", "1|a");
        land("in/a", "2,again\n");
        land("in/b", "3,b\n4,c\n");
        land("in/folder/", "x");
        await("SELECT id FROM price ORDER BY id", "1", "3", "4");
        server.copyJobs().connected();
        land("in/before", "5,new\n"); // which was written anew
        await("SELECT id FROM price ORDER BY id", "1", "3", "4", "5");

        await(
                "SELECT file_location, file_name, status FROM sys_copy_job_detail ORDER BY 2",
                "bucket|in/a|I",
                "bucket|in/b|I",
                "bucket|in/before|I");
        assertThat(rows("SELECT job_name, iam_role, is_auto FROM sys_copy_job"))
                .containsExactly(List.of("prices", ROLE, "1"));
        assertThat(rows("SELECT bucket, channel_state, db_name, job_name FROM svv_copy_job_integrations"))
                .containsExactly(List.of("bucket", "Established", "dev", "prices"));
        assertThat(rows("COPY JOB LIST"))
                .isEqualTo(rows("COPY JOB SHOW prices"))
                .hasSize(1);
        assertThat(
                        rows("SELECT count(*), min(copy_job_id) = max(copy_job_id) FROM sys_load_history WHERE copy_job_id > 0")
                                .getFirst()
                                .getLast())
                .isEqualTo("t");
        assertThat(
                        rows(
                                "SELECT count(*) > 0 FROM sys_query_history WHERE query_type = 'COPY' AND status = 'success' AND query_text NOT LIKE '%JOB%'"))
                .containsExactly(List.of("t"));
        assertThat(done).contains("7");
    }

    @Test
    void a_bad_file_does_not_keep_others_out_and_is_tried_again_when_a_user_says_so() throws Exception {
        makePrices();
        var keys = IntStream.range(0, 100).mapToObj("in/%03d"::formatted).toList();
        for (var key : keys) {
            server.s3().put(key, key.endsWith("7") ? "1,a\nx,y\n" : "1,a\n");
        }
        tell(keys.toArray(String[]::new));

        await("SELECT status, count(*) FROM sys_copy_job_detail GROUP BY 1 ORDER BY 1", "E|10", "I|90");
        await("SELECT count(*) FROM price", "90");
        assertThat(
                        rows(
                                "SELECT count(*), count(DISTINCT filename), min(err_code), min(copy_job_id) = (SELECT job_id FROM sys_copy_job) FROM stl_load_errors"))
                .containsExactly(List.of("10", "10", "1207", "t"));
        await(
                "SELECT count(*) FROM sys_copy_job_info WHERE message LIKE 'file in/007 is not loaded: Load into table%'",
                "1");

        server.copyJobs().connected(); // by itself it is not tried again
        land("in/last", "2,b\n");
        await("SELECT count(*) FROM price", "91");
        server.s3().put("in/007", "7,g\n");
        assertThat(run("COPY JOB RUN prices"))
                .containsExactly(
                        "Copy job 'prices': 9 file(s) could not be loaded.  Check 'sys_copy_job_detail' and 'stl_load_errors' for details.",
                        "Load into table 'price' completed, 1 record(s) loaded successfully.");
        assertThat(rows("SELECT status, count(*) FROM sys_copy_job_detail GROUP BY 1 ORDER BY 1"))
                .containsExactly(List.of("E", "9"), List.of("I", "92"));
    }

    @Test
    void files_that_s3_refuses_wait_and_the_others_do_not() throws Exception {
        makePrices();
        server.s3().denied.add("in/a");
        server.s3().put("in/a", "1,a\n");
        server.s3().put("in/b", "2,b\n");
        tell("in/a", "in/b");
        await("SELECT id FROM price", "2");
        await("SELECT count(*) FROM sys_copy_job_info WHERE message LIKE 'S3ServiceException:Access Denied%in/a'", "1");
        server.s3().denied.clear();
        await("SELECT id FROM price ORDER BY id", "1", "2");
    }

    @Test
    void what_stops_a_job_is_told_and_it_goes_on_when_that_is_over() throws Exception {
        makePrices();
        run("ALTER TABLE price RENAME TO elsewhere");
        land("in/a", "1,a\n");
        await("SELECT count(*) > 0 FROM sys_copy_job_info WHERE message LIKE '%\"public.price\" does not exist%'", "t");
        assertFails("COPY JOB RUN prices", "42P01", "\"public.price\" does not exist");
        run("ALTER TABLE elsewhere RENAME TO price");
        await("SELECT id FROM price", "1");

        server.copyJobs().suspend(true);
        land("in/b", "2,b\n");
        assertFails("COPY JOB RUN prices", "53400", "stopped after 0 record(s)");
        assertThat(rows("SELECT id FROM price")).containsExactly(List.of("1"));
        server.copyJobs().suspend(false);
        await("SELECT id FROM price ORDER BY id", "1", "2");
    }

    @Test
    void jobs_load_as_their_owner() throws Exception {
        run("CREATE USER eve CREATEUSER PASSWORD 'Secret1234'");
        run("CREATE TABLE price(id INTEGER, name VARCHAR(10))");
        run("SET SESSION AUTHORIZATION eve");
        run(PRICES);
        run("RESET SESSION AUTHORIZATION");
        run("ALTER USER eve NOCREATEUSER");
        land("in/a", "1,a\n");
        await("SELECT count(*) > 0 FROM sys_copy_job_info WHERE message = 'permission denied for relation price'", "t");
        run("GRANT INSERT ON price TO eve");
        await("SELECT id FROM price", "1");
        run("REVOKE INSERT ON price FROM eve");
        run("DROP USER eve");
        land("in/b", "2,b\n");
        await(
                "SELECT count(*) > 0 FROM sys_copy_job_info WHERE message LIKE 'the owner of copy job \"prices\", user 101,%'",
                "t");
        assertThat(rows("SELECT id FROM price")).containsExactly(List.of("1"));
    }

    @Test
    void jobs_are_altered_run_and_dropped() throws Exception {
        run("CREATE TABLE price(id INTEGER, name VARCHAR(10))");
        run(PRICES + " AUTO OFF");
        assertThat(watched).isEmpty();
        land("in/a", "1,a\n");
        assertThat(run("COPY JOB RUN prices"))
                .containsExactly("Load into table 'price' completed, 1 record(s) loaded successfully.");
        server.s3().put("in/b", "2,b\n");
        run("COPY JOB ALTER prices AUTO ON");
        assertThat(watched).hasSize(1);
        await("SELECT id FROM price ORDER BY id", "1", "2");
        run("COPY JOB ALTER prices AUTO OFF");
        assertThat(watched).isEmpty();

        run("COPY JOB DROP prices");
        assertThat(rows("SELECT * FROM sys_copy_job_detail")).isEmpty();
        assertFails("COPY JOB RUN prices", "42704", "copy job \"prices\" does not exist");
        run(PRICES);
        assertFails(PRICES, "42710", "copy job \"prices\" already exists");
        run("CREATE DATABASE other");
        assertThat(rows("SELECT count(*) FROM price")).containsExactly(List.of("2"));
    }

    @Test
    void what_jobs_do_not_take_is_refused() throws Exception {
        run("CREATE TABLE price(id INTEGER, name VARCHAR(10))");
        run("CREATE TEMP TABLE mine(id INTEGER)");
        var copy = "COPY price FROM 's3://bucket/in/' ";
        for (var line : List.of(
                copy + "IAM_ROLE default JOB CREATE j|0A000|takes no keys and no default role",
                copy + "ACCESS_KEY_ID 'a' SECRET_ACCESS_KEY 'b' JOB CREATE j|0A000|takes no keys",
                copy + AS_ROLE + "MANIFEST JOB CREATE j|0A000|COPY JOB with MANIFEST is not supported",
                copy + AS_ROLE + "MAXERROR 3 JOB CREATE j|0A000|COPY JOB with MAXERROR is not supported",
                copy + AS_ROLE + "NOLOAD JOB CREATE j|0A000|COPY JOB with NOLOAD is not supported",
                copy + AS_ROLE + "JOB CREATE \"a-b\"|22023|cannot contain hyphens",
                copy + AS_ROLE + "JOB CREATE j AUTO|42601|syntax error at end of input",
                copy + "IAM_ROLE 'arn:aws:iam::123456789012:role/other' JOB CREATE j|XX000|not associated to cluster",
                "COPY missing FROM 's3://bucket/in/' " + AS_ROLE + "JOB CREATE j|42P01|missing",
                "COPY mine FROM 's3://bucket/in/' " + AS_ROLE + "JOB CREATE j|0A000|temporary table",
                "COPY JOB ALTER j|42601|syntax error at end of input",
                "COPY JOB DROP j|42704|copy job \"j\" does not exist",
                "COPY JOB SHOW j|42704|copy job \"j\" does not exist")) {
            var cells = line.split("\\|");
            assertFails(cells[0], cells[1], cells[2]);
        }
        run("BEGIN");
        assertFails(copy + AS_ROLE + "JOB CREATE j", "25001", "COPY JOB cannot run inside a transaction block");
        run("ROLLBACK");
        assertThat(rows("COPY JOB LIST")).isEmpty();
        assertThat(watched).isEmpty();
        run("CREATE TABLE job(id INTEGER)");
        server.s3().put("ids", "1\n");
        run("COPY job FROM 's3://bucket/ids' " + AS_ROLE);
    }

    @Test
    void what_lands_while_the_control_plane_is_away_is_found_when_it_is_back() throws Exception {
        makePrices();
        synchronized (this) {
            away = true;
        }
        server.s3().put("in/a", "1,a\n");
        server.copyJobs().look();
        server.copyJobs().connected();
        synchronized (this) {
            away = false;
        }
        server.copyJobs().connected();
        await("SELECT id FROM price", "1");
    }
}
