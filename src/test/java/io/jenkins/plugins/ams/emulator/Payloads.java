/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import io.jenkins.plugins.ams.emulator.Entity.Complex;
import io.jenkins.plugins.ams.emulator.Entity.DateTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Creates the entities of jobs, tasks and assets with the properties in the AMS REST reference. */
final class Payloads {

    private static final int FINISHED = 3;
    private static final int DELETED = 2;

    private final AmsSettings settings;

    Payloads(AmsSettings settings) {
        this.settings = settings;
    }

    Entity job(JobSnapshot job) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("Id", job.id());
        properties.put("Name", job.name());
        properties.put("Created", new DateTime(job.created(), DateRole.CREATED));
        properties.put("LastModified", new DateTime(job.lastModified(), DateRole.CREATED));
        properties.put("EndTime", date(job.endTime(), DateRole.RUN));
        properties.put("Priority", 0);
        properties.put("RunningDuration", duration(job.runningMillis()));
        properties.put("StartTime", date(job.startTime(), DateRole.RUN));
        properties.put("State", job.state());
        properties.put("TemplateId", null);
        properties.put("JobNotificationSubscriptions", new Complex("JobNotificationSubscription", List.of()));
        return new Entity(
                "Jobs", "Job", job.id(), properties, List.of("Tasks", "OutputMediaAssets", "InputMediaAssets"));
    }

    Entity task(JobSnapshot.Task task) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("Id", task.id());
        properties.put("Configuration", "H264 Multiple Bitrate 720p");
        properties.put("EndTime", date(task.endTime(), DateRole.RUN));
        properties.put("ErrorDetails", new Complex("ErrorDetail", errors(task)));
        properties.put("HistoricalEvents", new Complex("TaskHistoricalEvent", events(task)));
        properties.put("MediaProcessorId", "nb:mpid:UUID:ff4df607-d419-42f0-bc17-a481b1331e56");
        properties.put("Name", task.name());
        properties.put("PerfMessage", task.state() == FINISHED ? perfMessage(task) : null);
        properties.put("Priority", 0);
        properties.put("Progress", task.progress());
        properties.put("RunningDuration", duration(task.runningMillis()));
        properties.put("StartTime", date(task.startTime(), DateRole.RUN));
        properties.put("State", task.state());
        properties.put(
                "TaskBody",
                "<?xml version=\"1.0\" encoding=\"utf-16\"?><taskBody><inputAsset>JobInputAsset(0)</inputAsset>"
                        + "<outputAsset>JobOutputAsset(0)</outputAsset></taskBody>");
        properties.put("Options", 0);
        properties.put("EncryptionKeyId", null);
        properties.put("EncryptionScheme", "None");
        properties.put("EncryptionVersion", null);
        properties.put("InitializationVector", null);
        properties.put("TaskNotificationSubscriptions", new Complex("TaskNotificationSubscription", List.of()));
        return new Entity("Tasks", "Task", task.id(), properties, List.of("OutputMediaAssets", "InputMediaAssets"));
    }

    Entity asset(JobSnapshot job, JobSnapshot.Asset asset) {
        boolean deleted = asset.uri() == null;
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("Id", asset.id());
        properties.put("State", deleted ? DELETED : 0);
        properties.put("Created", new DateTime(job.created(), DateRole.ASSET));
        properties.put("LastModified", new DateTime(job.lastModified(), DateRole.ASSET));
        properties.put("AlternateId", null);
        properties.put("Name", asset.name());
        properties.put("Options", 0);
        properties.put("FormatOption", 0);
        properties.put("Uri", asset.uri());
        properties.put("StorageAccountName", deleted ? null : "emulatedstorage");
        return new Entity("Assets", "Asset", asset.id(), properties, List.of("Files", "Locators"));
    }

    private static List<Map<String, Object>> errors(JobSnapshot.Task task) {
        List<Map<String, Object>> errors = new ArrayList<>();
        for (JobSnapshot.Error reason : task.errors()) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("Code", reason.code());
            error.put("Message", reason.message());
            errors.add(error);
        }
        return errors;
    }

    private static List<Map<String, Object>> events(JobSnapshot.Task task) {
        List<Map<String, Object>> events = new ArrayList<>();
        for (JobSnapshot.Event event : task.events()) {
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("Code", event.code());
            properties.put("Message", event.message());
            properties.put("TimeStamp", new DateTime(event.time(), DateRole.EVENT));
            events.add(properties);
        }
        return events;
    }

    /** Returns a message with several lines and mixed line endings, like recorded ones. */
    private static String perfMessage(JobSnapshot.Task task) {
        return "Job Duration: " + task.runningMillis() + " ms\nInput Size: 52428800\r\nOutput Size: 73400320\n";
    }

    private Object duration(long millis) {
        if (settings.durationsAsDouble()) {
            return (double) millis;
        }
        return Math.toIntExact(millis);
    }

    private static DateTime date(Instant value, DateRole role) {
        return value == null ? null : new DateTime(value, role);
    }
}
