/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
import java.util.List;
import org.junit.Test;

public class AmsV2JobIdTest {

    private static final String GUID = "f3c43f94-327f-2347-90bb-3bf79f8559f1";
    private static final String ID = "nb:jid:UUID:" + GUID;

    @Test
    public void acceptsFullBareAndPercentEncodedIds() {
        assertEquals(ID, AmsV2JobId.parse(ID).value());
        assertEquals(ID, AmsV2JobId.parse(GUID).value());
        assertEquals(ID, AmsV2JobId.parse("nb%3ajid%3AUUID%3a" + GUID).value());
    }

    @Test
    public void ignoresCaseAndSurroundingSpace() {
        assertEquals(
                ID,
                AmsV2JobId.parse("  NB:JID:uuid:" + GUID.toUpperCase() + "\n").value());
    }

    @Test
    public void acceptsPastedIds() {
        String encoded = ID.replace(":", "%3A");
        for (String text : List.of(
                "'" + ID + "'",
                '"' + ID + '"',
                "`" + GUID + "`",
                "\u201c" + ID + "\u201d",
                "\u00ab " + ID + " \u00bb",
                "{" + GUID + "}",
                "nb:jid:UUID:{" + GUID + "}",
                "<" + ID + ">",
                " \"'" + ID + "'\" ",
                "Jobs('" + ID + "')",
                "/api/Jobs('" + encoded + "')",
                "jobs('" + ID + "')/Tasks",
                "https://media.restv2.westeurope.media.azure.net/api/Jobs('" + encoded + "')",
                "https://media.windows.net/API/Jobs('" + ID + "')/State?api-version=2.19",
                "https://media.windows.net/api/CancelJob?jobid='" + encoded.replace("%3A", "%3a") + "'")) {
            assertEquals(text, ID, AmsV2JobId.parse(text).value());
        }
    }

    @Test
    public void rejectsPastedTextWithoutAJobId() {
        for (String text : List.of(
                "'" + ID,
                "{" + ID + "'",
                "''",
                "{}",
                "Jobs()",
                "Jobs('')",
                "Tasks('" + ID + "')",
                "https://media.windows.net/api/Jobs('job')",
                "https://media.windows.net/api/" + ID,
                "transforms/" + GUID + "/jobs/" + GUID,
                "Encoding/" + GUID)) {
            MalformedJobIdException e = assertThrows(text, MalformedJobIdException.class, () -> AmsV2JobId.parse(text));
            assertEquals(text, e.text());
        }
        assertEquals(
                "cid",
                assertThrows(MalformedJobIdException.class, () -> AmsV2JobId.parse("'nb:cid:UUID:" + GUID + "'"))
                        .entity());
    }

    @Test
    public void acceptsGuidsOfAnyVersion() {
        assertEquals(
                "nb:jid:UUID:00000000-1500-80c3-a70e-f1e4ff0d4333",
                AmsV2JobId.parse("00000000-1500-80c3-a70e-f1e4ff0d4333").value());
    }

    @Test
    public void rejectsInvalidIds() {
        for (String text : new String[] {"", "job-1", ID + "'", ID + "%", "nb:jid:UUID:" + GUID + "0", "%zz" + GUID}) {
            MalformedJobIdException e = assertThrows(text, MalformedJobIdException.class, () -> AmsV2JobId.parse(text));
            assertEquals(text, e.text());
            assertNull(e.entity());
        }
        assertEquals(
                "",
                assertThrows(MalformedJobIdException.class, () -> AmsV2JobId.parse(null))
                        .text());
    }

    @Test
    public void namesTheEntityOfAnotherIdType() {
        assertEquals(
                "cid",
                assertThrows(MalformedJobIdException.class, () -> AmsV2JobId.parse("nb:cid:UUID:" + GUID))
                        .entity());
    }

    @Test
    public void rejectsTextThatIsNotOneLine() {
        for (String text :
                new String[] {"", " ", "a\nb", "a\u001b[31m", "a\u202eb", "a\u2028b", "\ud800", "x".repeat(2001)}) {
            assertThrows(text, IllegalArgumentException.class, () -> new JobId(text));
        }
    }
}
