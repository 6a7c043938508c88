/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Parses a job that is submitted to AMS v2 with {@code POST /api/Jobs}, with its tasks inline (AMS REST reference of Job
 * and Task, "How to encode an asset").
 *
 * <ul>
 *   <li>Verbose JSON names input assets with {@code __metadata}, minimal JSON with {@code InputMediaAssets@odata.bind}.
 *   <li>{@code __metadata} requires verbose JSON in the header Accept.
 *   <li>The name of an output asset is the attribute {@code assetName} in the task's body, or {@code
 *       JobOutputAsset(index)_<name of the job>}.
 *   <li>Unknown properties are rejected with the recorded message.
 * </ul>
 */
final class V2Submission {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String BINDING = "InputMediaAssets@odata.bind";
    private static final Set<String> JOB = Set.of(
            "Name",
            "Priority",
            "InputMediaAssets",
            BINDING,
            "Tasks",
            "TemplateId",
            "JobNotificationSubscriptions",
            "__metadata");
    private static final Set<String> TASK = Set.of(
            "Name",
            "Configuration",
            "MediaProcessorId",
            "Priority",
            "TaskBody",
            "Options",
            "EncryptionKeyId",
            "EncryptionScheme",
            "EncryptionVersion",
            "InitializationVector",
            "TaskNotificationSubscriptions",
            "__metadata");
    private static final Pattern ASSET = Pattern.compile(
            "(?:https?://[^/]+/api/)?Assets\\('nb(?:%3A|:)cid(?:%3A|:)UUID(?:%3A|:)[0-9a-f-]{36}'\\)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern PROCESSOR = Pattern.compile("nb:mpid:UUID:[0-9a-f-]{36}", Pattern.CASE_INSENSITIVE);
    private static final Pattern OUTPUT = Pattern.compile("JobOutputAsset\\(\\d{1,2}\\)");

    private V2Submission() {}

    /** @throws ODataException with status 400 if the service would reject the request */
    static JobScript parse(Request request) {
        JsonNode job = read(request.body());
        requireKnown(job, JOB);
        if (!isVerbose(request) && request.body().contains("\"__metadata\"")) {
            throw invalid("__metadata requires Accept: application/json;odata=verbose");
        }
        JsonNode inputs = job.has(BINDING) ? job.get(BINDING) : items(job.path("InputMediaAssets"));
        if (!inputs.isArray() || inputs.isEmpty()) {
            throw invalid("InputMediaAssets must name one or more assets");
        }
        for (JsonNode input : inputs) {
            String uri = job.has(BINDING)
                    ? input.asText()
                    : input.at("/__metadata/uri").asText();
            if (!ASSET.matcher(uri).matches()) {
                throw invalid("InputMediaAssets has no URI of an asset: '" + uri + "'");
            }
        }
        String name = text(job, "Name", "");
        if (name.length() > 256) {
            throw invalid("Name must not be longer than 256 characters");
        }
        JsonNode tasks = items(job.path("Tasks"));
        if (!tasks.isArray() || tasks.isEmpty() || tasks.size() > 30) {
            throw invalid("Tasks must have 1 to 30 tasks");
        }
        JobScript script = JobScript.named(name);
        for (JsonNode task : tasks) {
            script = withTask(script, name, task);
        }
        return script;
    }

    private static JobScript withTask(JobScript script, String jobName, JsonNode task) {
        requireKnown(task, TASK);
        if (!PROCESSOR.matcher(text(task, "MediaProcessorId", "")).matches()) {
            throw invalid("MediaProcessorId must be the ID of a media processor, nb:mpid:UUID:<guid>");
        }
        JobScript result = script.task(text(task, "Name", null), Duration.ZERO);
        NodeList outputs = xml(text(task, "TaskBody", "")).getElementsByTagName("outputAsset");
        if (outputs.getLength() == 0) {
            throw invalid("TaskBody has no outputAsset");
        }
        for (int i = 0; i < outputs.getLength(); i++) {
            Element output = (Element) outputs.item(i);
            String reference = output.getTextContent().strip();
            if (!OUTPUT.matcher(reference).matches()) {
                throw invalid("the value of an outputAsset in TaskBody must be JobOutputAsset(index)");
            }
            String assetName = output.getAttribute("assetName");
            result = result.outputAsset(assetName.isEmpty() ? reference + "_" + jobName : assetName);
        }
        return result;
    }

    private static Document xml(String taskBody) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null); // would print errors
            Document document = builder.parse(new InputSource(new StringReader(taskBody)));
            if (!document.getDocumentElement().getTagName().equals("taskBody")) {
                throw invalid("TaskBody must be XML with the element taskBody");
            }
            return document;
        } catch (SAXException e) {
            throw invalid("TaskBody must be XML with the element taskBody");
        } catch (IOException | ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(String body) {
        try {
            JsonNode job = MAPPER.readTree(body);
            if (job != null && job.isObject()) {
                return job;
            }
        } catch (JsonProcessingException e) {
            throw invalid("the body is not JSON");
        }
        throw invalid("the body is not a JSON object");
    }

    /** Returns the items of a collection, which OData also accepts as {@code {"results": […]}} in verbose JSON. */
    private static JsonNode items(JsonNode collection) {
        return collection.has("results") ? collection.get("results") : collection;
    }

    private static boolean isVerbose(Request request) {
        return request.header("Accept").orElse("").toLowerCase(Locale.ROOT).contains("odata=verbose");
    }

    private static String text(JsonNode json, String name, String defaultText) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return defaultText;
        }
        if (!value.isTextual()) {
            throw invalid(name + " must be a string");
        }
        return value.asText();
    }

    private static void requireKnown(JsonNode json, Set<String> known) {
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            if (!known.contains(names.next())) {
                throw invalid("Make sure to only use property names that are defined by the type");
            }
        }
    }

    private static ODataException invalid(String reason) {
        return new ODataException(400, "Parsing request content failed due to: " + reason);
    }
}
