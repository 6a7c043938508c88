/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.result.WaitRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The file in a build's folder that stores the build's jobs. Each change to a job appends the job's new record as a
 * line of JSON. A job's last line therefore contains its current record. The amount of data written depends on the
 * number of changes, not on the number of jobs. A damaged line does not affect other lines. Appended lines always start
 * on a new line, even if a crash has cut off the previous line.
 *
 * <p>Not thread-safe.
 */
final class JobFile {

    static final String NAME = "azure-media-services-jobs.jsonl";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .visibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .visibility(PropertyAccessor.CREATOR, JsonAutoDetect.Visibility.ANY)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_DEFAULT, JsonInclude.Include.NON_DEFAULT))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .build();

    private static final ObjectWriter WRITER = MAPPER.writerFor(WaitRecord.class);
    private static final ObjectReader READER = MAPPER.readerFor(WaitRecord.class);

    private final Supplier<Path> folder;

    /** @param folder supplies the build's folder, which changes when the project is renamed or moved */
    JobFile(Supplier<Path> folder) {
        this.folder = folder;
    }

    /**
     * The contents of the file.
     *
     * @param records the latest record of each job, in the order in which the jobs were first written
     * @param lines the number of lines
     * @param damagedLines the number of unreadable lines, not counting the last line, which a crash may have cut off
     */
    record Content(List<WaitRecord> records, int lines, int damagedLines) {}

    /** Returns the file's current path. */
    Path path() {
        return folder.get().resolve(NAME);
    }

    /** Reads the file and skips damaged lines. Returns null if the file does not exist. */
    @CheckForNull
    Content read() throws IOException {
        Map<String, WaitRecord> records = new LinkedHashMap<>();
        int lines = 0;
        int damaged = 0;
        boolean isLastDamaged = false;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Files.newInputStream(path()), StandardCharsets.UTF_8))) { // the reader replaces malformed bytes
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isEmpty()) {
                    continue;
                }
                lines++;
                WaitRecord record = parse(line);
                isLastDamaged = record == null;
                if (record == null) {
                    damaged++;
                } else {
                    records.put(record.getGuid(), record);
                }
            }
        } catch (NoSuchFileException e) {
            return null;
        }
        return new Content(new ArrayList<>(records.values()), lines, isLastDamaged ? damaged - 1 : damaged);
    }

    /** Appends a line for each record. Does nothing if the build's folder has been deleted. */
    void append(List<WaitRecord> records) throws IOException {
        // the leading line break ends a line that a crash or a full disk has cut off
        byte[] lines = ('\n' + toLines(records)).getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(path(), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (NoSuchFileException e) {
            if (isFolderPresent()) {
                throw e;
            }
        }
    }

    /**
     * Atomically replaces the file with a file that contains one line for each record. Does nothing if the build's
     * folder has been deleted.
     */
    void replace(List<WaitRecord> records) throws IOException {
        if (!isFolderPresent()) {
            return;
        }
        Path next = folder.get().resolve(NAME + ".tmp");
        try {
            Files.write(next, toLines(records).getBytes(StandardCharsets.UTF_8));
            Files.move(next, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private boolean isFolderPresent() {
        return Files.isDirectory(folder.get());
    }

    private static String toLines(List<WaitRecord> records) throws JsonProcessingException {
        StringBuilder lines = new StringBuilder();
        for (WaitRecord record : records) {
            lines.append(WRITER.writeValueAsString(record)).append('\n');
        }
        return lines.toString();
    }

    /** Parses a line and ignores invalid values. Returns null if the line is damaged. */
    @CheckForNull
    private static WaitRecord parse(String line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            while (true) {
                try {
                    WaitRecord record = READER.readValue(json);
                    return record != null && record.isComplete() ? record : null;
                } catch (JsonMappingException e) {
                    if (!removeInvalidValue(json, e.getPath())) {
                        return null;
                    }
                }
            }
        } catch (IOException e) {
            return null;
        }
    }

    /** Removes the value at a path in a record. Returns false if the record does not contain the path. */
    private static boolean removeInvalidValue(JsonNode record, List<JsonMappingException.Reference> path) {
        JsonNode parent = record;
        for (int i = 0; i < path.size(); i++) {
            JsonMappingException.Reference step = path.get(i);
            boolean isLast = i == path.size() - 1;
            if (parent instanceof ObjectNode object && step.getFieldName() != null) {
                parent = isLast ? object.remove(step.getFieldName()) : object.get(step.getFieldName());
            } else if (parent instanceof ArrayNode array && step.getIndex() >= 0) {
                parent = isLast ? array.remove(step.getIndex()) : array.get(step.getIndex());
            } else {
                return false;
            }
        }
        return !path.isEmpty() && parent != null;
    }
}
