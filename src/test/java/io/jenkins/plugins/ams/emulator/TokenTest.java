/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.MsalServiceException;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.After;
import org.junit.Assert;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Tests which requests receive tokens and when these expire. */
public class TokenTest {

    private final ManualClock clock = new ManualClock();
    private Emulator emulator;
    private Client client;

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Before
    public void start() {
        emulator = Emulator.start(clock);
        client = new Client(emulator);
    }

    @After
    public void close() {
        emulator.close();
    }

    @Test
    public void issuesMsal4jAValidToken() throws Exception {
        IAuthenticationResult result = msal(emulator.clientSecret());
        RecordedRequest request = emulator.requests().last(RequestKind.TOKEN);
        assertEquals("POST", request.method());
        assertEquals("MSAL.Java", request.header("x-client-SKU").orElseThrow());
        assertTrue(request.body(), request.body().contains("scope=openid+profile+offline_access+"));
        assertEquals(200, request.status());
        assertEquals(1, emulator.requests().count());

        HttpResponse<String> jobs =
                client.send(client.request("Jobs").setHeader("Authorization", "Bearer " + result.accessToken()));
        assertEquals(200, jobs.statusCode());
    }

    @Test
    public void rejectsAWrongSecretFromMsal4j() {
        CompletionException e = Assert.assertThrows(CompletionException.class, () -> msal("another secret"));
        MsalServiceException cause = (MsalServiceException) e.getCause();
        assertEquals("invalid_client", cause.errorCode());
        assertEquals(Integer.valueOf(401), cause.statusCode());
        assertTrue(cause.getMessage(), cause.getMessage().startsWith("AADSTS7000215: Invalid client secret provided."));
    }

    @Test
    public void respondsLikeTheV2Endpoint() throws Exception {
        HttpResponse<String> response = client.requestToken(client.tokenForm());
        assertEquals(200, response.statusCode());
        assertEquals("Bearer", Client.json(response).get("token_type").asText());
        assertTrue(Client.json(response).get("expires_in").isInt());
        assertEquals(3599, Client.json(response).get("expires_in").asInt());
        assertEquals(3599, Client.json(response).get("ext_expires_in").asInt());
    }

    @Test
    public void issuesANewTokenForEveryRequest() throws Exception {
        String one = Client.json(client.requestToken(client.tokenForm()))
                .get("access_token")
                .asText();
        String other = Client.json(client.requestToken(client.tokenForm()))
                .get("access_token")
                .asText();
        assertNotEquals(one, other);
    }

    @Test
    public void acceptsATokenUntilItExpires() throws Exception {
        emulator.azureAd().tokenLifetime(Duration.ofMinutes(10));
        assertEquals(200, client.get("Jobs").statusCode());
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        assertEquals(200, client.get("Jobs").statusCode());
        clock.advance(Duration.ofMillis(1));
        assertEquals(401, client.get("Jobs").statusCode());
    }

    @Test
    public void rejectsExpiredTokens() throws Exception {
        assertEquals(200, client.get("Jobs").statusCode());
        emulator.azureAd().expireTokens();
        assertEquals(401, client.get("Jobs").statusCode());
    }

    @Test
    public void rotatesTheSecret() throws Exception {
        Map<String, String> old = client.tokenForm();
        emulator.azureAd().rotateSecret("next");
        assertEquals(401, client.requestToken(old).statusCode());
        assertEquals(200, client.requestToken(client.tokenForm()).statusCode());
    }

    @Test
    public void returns404ForInstanceDiscovery() throws Exception {
        String path = "common/discovery/instance?api-version=1.1&authorization_endpoint=x";
        HttpResponse<String> response =
                client.send(client.request("Jobs").uri(emulator.authority().resolve("/" + path)));
        assertEquals(404, response.statusCode());
        assertEquals(1, emulator.requests().count(RequestKind.OTHER));
    }

    private IAuthenticationResult msal(String secret) throws Exception {
        ConfidentialClientApplication application = ConfidentialClientApplication.builder(
                        emulator.clientId(), ClientCredentialFactory.createFromSecret(secret))
                .authority(emulator.authority() + "/" + emulator.tenant())
                .instanceDiscovery(false)
                .sslSocketFactory(emulator.sslContext().getSocketFactory())
                .connectTimeoutForDefaultHttpClient(10_000)
                .readTimeoutForDefaultHttpClient(10_000)
                .build();
        return application
                .acquireToken(ClientCredentialParameters.builder(Set.of(emulator.scope()))
                        .build())
                .join();
    }
}
