/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Parses a job that is submitted with {@code PUT …/transforms/<transform>/jobs/<job>}, following the specification of
 * 2022-07-01 and recorded requests. An output without a label gets the recorded one, {@code
 * BuiltInStandardEncoderPreset_<index>}.
 */
final class V3Submission {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> PROPERTIES =
            Set.of("description", "input", "outputs", "priority", "correlationData");
    private static final List<String> PRIORITIES = List.of("Low", "Normal", "High");
    private static final Set<String> INPUTS = Set.of(
            "#Microsoft.Media.JobInputAsset",
            "#Microsoft.Media.JobInputHttp",
            "#Microsoft.Media.JobInputs",
            "#Microsoft.Media.JobInputSequence",
            "#Microsoft.Media.JobInputClip");

    /** The names that MK.IO accepts (its client library). Azure Resource Manager has fewer restrictions. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]([-_.a-zA-Z0-9]*[a-zA-Z0-9])?");

    private V3Submission() {}

    /** @throws IllegalArgumentException with the reason if the service would reject the request */
    static JobScript parse(String transform, String name, String body) {
        if (name.length() > 260 || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The job name '" + name + "' is not valid.");
        }
        ObjectNode properties = properties(body);
        for (Iterator<String> names = properties.fieldNames(); names.hasNext(); ) {
            String property = names.next();
            if (!PROPERTIES.contains(property)) {
                throw new IllegalArgumentException("Could not find member '" + property + "' on the job's properties.");
            }
        }
        checkInput(properties.path("input"));
        if (properties.has("priority")
                && !PRIORITIES.contains(properties.get("priority").asText())) {
            throw new IllegalArgumentException("properties.priority must be one of " + PRIORITIES + ".");
        }
        JsonNode outputs = properties.path("outputs");
        if (!outputs.isArray() || outputs.isEmpty()) {
            throw new IllegalArgumentException("properties.outputs must have at least one output.");
        }
        JobScript script =
                JobScript.named(name).transform(transform).v3Name(name).v3Properties(properties);
        for (JsonNode output : outputs) {
            if (!output.path("@odata.type").asText().equals("#Microsoft.Media.JobOutputAsset")
                    || !output.path("assetName").isTextual()) {
                throw new IllegalArgumentException(
                        "An output must have an assetName and the @odata.type" + " #Microsoft.Media.JobOutputAsset.");
            }
            String label = output.path("label").asText("BuiltInStandardEncoderPreset_" + script.assets.size());
            script = script.task(label, Duration.ZERO)
                    .outputAsset(output.get("assetName").asText());
        }
        return script;
    }

    private static ObjectNode properties(String body) {
        try {
            JsonNode json = MAPPER.readTree(body);
            if (json != null && json.path("properties") instanceof ObjectNode properties) {
                return properties;
            }
            throw new IllegalArgumentException("The request must have properties.");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The request is not valid JSON.", e);
        }
    }

    private static void checkInput(JsonNode input) {
        String type = input.path("@odata.type").asText();
        if (!INPUTS.contains(type)) {
            throw new IllegalArgumentException("properties.input must have one of the @odata.type "
                    + INPUTS.stream().sorted().toList() + ".");
        }
        if (type.endsWith("JobInputAsset") && !input.path("assetName").isTextual()) {
            throw new IllegalArgumentException("The input has no assetName.");
        }
        if (type.endsWith("JobInputHttp")
                && (!input.path("files").isArray() || input.get("files").isEmpty())) {
            throw new IllegalArgumentException("The input has no files.");
        }
        if (type.endsWith("JobInputs")) {
            input.path("inputs").forEach(V3Submission::checkInput);
        }
    }
}
