/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** The HTTP client of the emulator's tests, which uses only documented features of the service. */
final class Client {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Emulator emulator;
    private final HttpClient http;
    private String token;

    Client(Emulator emulator) {
        this.emulator = emulator;
        this.http = HttpClient.newBuilder()
                .sslContext(emulator.sslContext())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    HttpClient http() {
        return http;
    }

    /** Returns the form of a valid token request. */
    Map<String, String> tokenForm() {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", emulator.clientId());
        form.put("client_secret", emulator.clientSecret());
        form.put("scope", emulator.scope());
        return form;
    }

    HttpResponse<String> postForm(String path, Map<String, String> form) throws IOException, InterruptedException {
        StringJoiner body = new StringJoiner("&");
        form.forEach((name, value) -> body.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(emulator.authority() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> requestToken(Map<String, String> form) throws IOException, InterruptedException {
        return postForm("/" + emulator.tenant() + "/oauth2/v2.0/token", form);
    }

    String token() throws IOException, InterruptedException {
        if (token == null) {
            token = json(requestToken(tokenForm())).get("access_token").asText();
        }
        return token;
    }

    /** Returns a request with the required headers for a path relative to the API's base address. */
    HttpRequest.Builder request(String relative) throws IOException, InterruptedException {
        return HttpRequest.newBuilder(URI.create(emulator.endpoint() + relative))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token())
                .header("x-ms-version", "2.19")
                .header("DataServiceVersion", "3.0")
                .header("MaxDataServiceVersion", "3.0")
                .header("Accept", "application/json");
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String relative) throws IOException, InterruptedException {
        return send(request(relative));
    }

    HttpResponse<String> get(String relative, String accept) throws IOException, InterruptedException {
        return send(request(relative).setHeader("Accept", accept));
    }

    /** Polls a job with the documented filter, and returns the job or a missing node. */
    JsonNode poll(String id) throws IOException, InterruptedException {
        return json(get("Jobs()?$filter=" + encoded("Id eq '" + id + "'") + "&$top=1"))
                .get("value")
                .path(0);
    }

    JsonNode tasks(String id) throws IOException, InterruptedException {
        return json(get("Jobs('" + encoded(id) + "')/Tasks")).get("value");
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
