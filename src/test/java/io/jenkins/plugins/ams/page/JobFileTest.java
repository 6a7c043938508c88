/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The stored jobs of a build, whole and damaged: a page shows what can be read. */
public class JobFileTest {

    private static final Instant NOW = Samples.STARTED.plusSeconds(60);
    private static final JsonMapper MAPPER = new JsonMapper();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path build;
    private JobFile file;

    @Before
    public void createFolder() throws IOException {
        build = folder.newFolder("1").toPath();
        file = new JobFile(() -> build);
    }

    @Test
    public void keepsAllThatIsKnown() throws IOException {
        WaitRecord record = sample().showing(new ConsoleLog.Shown("Processing", 41, List.of(0), 5, true));
        file.append(List.of(record));
        WaitRecord read = readOnly();
        assertEquals(WaitStatus.ERROR, read.getStatus());
        assertEquals(CancelStatus.FAILED, read.getCancelStatus());
        assertEquals("no", read.getCancelError());
        assertEquals(record.shown(), read.shown());
        assertEquals(record.scheduledSeen(), read.scheduledSeen());
        assertEquals(record.polledAt(), read.polledAt());
        for (Method method : record.getJob().getClass().getMethods()) {
            if (isGetter(method) && !List.class.isAssignableFrom(method.getReturnType())) {
                assertEquals(method.getName(), value(method, record.getJob()), value(method, read.getJob()));
            }
        }
        assertEquals("Encode", read.getJob().getTasks().get(0).getName());
        assertEquals("no such preset", read.getJob().getErrors().get(0).getMessage());
        assertEquals("encoded", read.getJob().getOutputAssets().get(0).getName());
    }

    @Test
    public void theLastLineOfAJobCounts() throws IOException {
        WaitRecord other = WaitRecord.waiting(new JobId("Encoding/other"), "media-prod");
        file.append(List.of(waiting(), other));
        file.append(List.of(sample()));
        JobFile.Content content = file.read();
        assertEquals(3, content.lines());
        assertEquals(2, content.records().size());
        assertEquals(WaitStatus.ERROR, content.records().get(0).getStatus());
        file.replace(content.records());
        assertEquals(2, file.read().lines());
        assertThat("no other file is left", List.of(build.toFile().list()), hasSize(1));
    }

    @Test
    public void aLineThatWasCutOffAffectsOnlyItself() throws IOException {
        file.append(List.of(waiting()));
        int start = (int) Files.size(file.path());
        file.append(List.of(sample()));
        byte[] whole = Files.readAllBytes(file.path());
        for (int length = start + 1; length < whole.length - 1; length += 7) {
            Files.write(file.path(), Arrays.copyOf(whole, length));
            assertEquals(WaitStatus.WAITING, readOnly().getStatus());
            assertEquals("is no damage", 0, file.read().damagedLines());
            file.append(List.of(sample()));
            assertEquals(WaitStatus.ERROR, readOnly().getStatus());
        }
    }

    @Test
    public void skipsDamagedLines() throws IOException {
        for (String damaged :
                List.of("null", "[]", "\"x\"", "{}", "{\"job\":null}", "{\"job\":{\"id\":\"\"}}", "x", "{")) {
            Files.writeString(file.path(), damaged + "\n\n");
            file.append(List.of(waiting()));
            assertEquals(damaged, 1, file.read().damagedLines());
            assertEquals(damaged, WaitStatus.WAITING, readOnly().getStatus());
        }
        Files.write(file.path(), new byte[] {(byte) 0xff, (byte) 0xfe, 0, '\n'}, StandardOpenOption.APPEND);
        assertEquals(Samples.ID.value(), readOnly().getJob().getId());
    }

    @Test
    public void aMissingFileIsNotAnError() throws IOException {
        assertNull(file.read());
        Files.createFile(file.path());
        assertThat(file.read().records(), empty());
    }

    @Test
    public void doesNotBringADeletedBuildBack() throws IOException {
        Files.delete(build);
        file.append(List.of(waiting()));
        file.replace(List.of(waiting()));
        assertFalse(Files.exists(build));
    }

    @Test
    public void reportsThatItCannotWrite() throws IOException {
        Files.createDirectory(file.path());
        assertThrows(IOException.class, () -> file.append(List.of(waiting())));
    }

    @Test
    public void unknownFieldsAndFutureNamesAreIgnored() throws IOException {
        showEdited(
                json -> json.putObject("future").put("field", 1),
                read -> assertEquals(WaitStatus.ERROR, read.getStatus()));
        showEdited(
                json -> json.put("status", "NO_SUCH_STATUS"),
                read -> assertEquals(WaitStatus.WAITING, read.getStatus()));
        showEdited(json -> json.put("cancelStatus", "LATER"), read -> assertNull(read.getCancelStatus()));
        showEdited(
                json -> ((ObjectNode) json.get("job")).put("state", "Deleting"),
                read -> assertEquals("Deleting", read.getJob().getState()));
    }

    /** Whatever value is missing, empty or of the wrong type, the others are shown. */
    @Test
    public void toleratesEachDamagedValue() throws IOException {
        ObjectNode whole = json(sample().showing(new ConsoleLog.Shown("Processing", 41, List.of(0), 5, true)));
        List<String> paths = new ArrayList<>();
        collectPaths(whole, "", paths);
        assertThat(paths.size(), greaterThan(30));
        List<JsonNode> values = new ArrayList<>();
        values.add(null); // removed
        for (String value : List.of(
                "null",
                "\"\"",
                "\"x\"",
                "-1",
                "9223372036854775807",
                "1.5",
                "true",
                "[]",
                "[null]",
                "[1]",
                "{}",
                "{\"a\":1}")) {
            values.add(MAPPER.readTree(value));
        }
        for (String path : paths) {
            for (JsonNode value : values) {
                ObjectNode edited = whole.deepCopy();
                set(edited, path, value);
                Files.writeString(file.path(), edited + "\n");
                List<WaitRecord> read = file.read().records();
                boolean mayBeGone = path.equals("/job") || path.equals("/job/id");
                assertTrue(path + " = " + value, mayBeGone || read.size() == 1);
                show(path + " = " + value, read);
            }
        }
    }

    private void showEdited(Consumer<ObjectNode> edit, Consumer<WaitRecord> check) throws IOException {
        ObjectNode json = json(sample());
        edit.accept(json);
        Files.writeString(file.path(), json + "\n");
        check.accept(readOnly());
        show("edited", file.read().records());
    }

    private ObjectNode json(WaitRecord record) throws IOException {
        Files.deleteIfExists(file.path());
        file.append(List.of(record));
        return (ObjectNode) MAPPER.readTree(Files.readString(file.path()));
    }

    private static void collectPaths(JsonNode node, String path, List<String> paths) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> {
                paths.add(path + '/' + name);
                collectPaths(object.get(name), path + '/' + name, paths);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                paths.add(path + '/' + i);
                collectPaths(array.get(i), path + '/' + i, paths);
            }
        }
    }

    private static void set(ObjectNode root, String path, JsonNode value) {
        int slash = path.lastIndexOf('/');
        JsonNode parent = root.at(path.substring(0, slash));
        String name = path.substring(slash + 1);
        if (parent instanceof ObjectNode object) {
            if (value == null) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        } else if (value == null) {
            ((ArrayNode) parent).remove(Integer.parseInt(name));
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(name), value);
        }
    }

    /** Reads all that a page, the REST API or a wait that resumes could read. */
    private static void show(String edit, List<WaitRecord> records) {
        try {
            for (WaitRecord record : records) {
                callGetters(record);
                callGetters(record.getJob());
                record.getJob().getTasks().forEach(JobFileTest::callGetters);
                record.getJob().getErrors().forEach(JobFileTest::callGetters);
                record.getJob().getOutputAssets().forEach(JobFileTest::callGetters);
                for (boolean building : new boolean[] {true, false}) {
                    JobView view = new JobView(record, 0, building, NOW);
                    callGetters(view);
                    record.getJob().getErrors().forEach(view::more);
                    record.getJob().getOutputAssets().forEach(view::link);
                    view.getTimeline().getRows().forEach(JobFileTest::callGetters);
                    assertNotNull(JobList.counts(List.of(view)));
                }
                assertNotNull(record.shown().tasksEnded());
                record.isOf(Samples.ID, "media-prod");
                assertFalse(record.waitingAgain("media-prod").aborted().isInSameStatesAs(record));
                record.ended(new WaitOutcome.TimedOut(null), NOW);
                assertEquals(
                        "Encoding",
                        Samples.polled(record, Samples.job(JobState.QUEUED), List.of(), NOW)
                                .getJob()
                                .getName());
            }
        } catch (RuntimeException e) {
            throw new AssertionError("cannot show a job with " + edit, e);
        }
    }

    private static void callGetters(Object shown) {
        for (Method method : shown.getClass().getMethods()) {
            if (isGetter(method)) {
                Object value = value(method, shown);
                if (value instanceof Double number) {
                    assertTrue(method.getName(), number >= 0 && number <= 100);
                }
            }
        }
    }

    private static boolean isGetter(Method method) {
        return method.getName().matches("(get|is)[A-Z].*")
                && method.getParameterCount() == 0
                && method.getDeclaringClass() != Object.class
                && !method.getName().equals("getJobPageUrl"); // reads Jenkins' configuration; see JobLinksJenkinsTest
    }

    private static Object value(Method method, Object object) {
        try {
            return method.invoke(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method.getName() + " fails", e);
        }
    }

    private WaitRecord readOnly() throws IOException {
        List<WaitRecord> records = file.read().records();
        assertThat(records, hasSize(1));
        return records.get(0);
    }

    private static WaitRecord waiting() {
        return WaitRecord.waiting(Samples.ID, "media-prod");
    }

    private static WaitRecord sample() {
        ErrorDetail error = new ErrorDetail(
                "ErrorParsingConfiguration", "no such preset", "Configuration", ErrorDetail.Retry.DO_NOT_RETRY);
        return Samples.polled(
                        waiting(),
                        Samples.job(JobState.SCHEDULED),
                        List.of(Samples.task("Encode", JobState.PROCESSING, 41.5)),
                        NOW)
                .canceling(CancelStatus.FAILED, "no")
                .ended(Samples.ended(JobState.ERROR, Samples.task("Encode", JobState.ERROR, 41.5, error)), NOW);
    }
}
