/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
import org.junit.Test;

public class AmsV2JobIdTest {

    private static final String GUID = "f3c43f94-327f-2347-90bb-3bf79f8559f1";
    private static final String ID = "nb:jid:UUID:" + GUID;

    @Test
    public void takesTheFullTheBareAndThePercentEncodedForm() {
        assertEquals(ID, AmsV2JobId.parse(ID).value());
        assertEquals(ID, AmsV2JobId.parse(GUID).value());
        assertEquals(ID, AmsV2JobId.parse("nb%3ajid%3AUUID%3a" + GUID).value());
    }

    @Test
    public void takesAnyCaseAndWhiteSpaceAround() {
        assertEquals(
                ID,
                AmsV2JobId.parse("  NB:JID:uuid:" + GUID.toUpperCase() + "\n").value());
    }

    @Test
    public void takesGuidsThatAreNotOfVersion4() {
        assertEquals(
                "nb:jid:UUID:00000000-1500-80c3-a70e-f1e4ff0d4333",
                AmsV2JobId.parse("00000000-1500-80c3-a70e-f1e4ff0d4333").value());
    }

    @Test
    public void refusesWhatIsNoId() {
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
    public void namesTheEntityOfAnotherKindOfId() {
        assertEquals(
                "cid",
                assertThrows(MalformedJobIdException.class, () -> AmsV2JobId.parse("nb:cid:UUID:" + GUID))
                        .entity());
    }

    @Test
    public void standsOnOneLineWhateverItIs() {
        for (String text :
                new String[] {"", " ", "a\nb", "a\u001b[31m", "a\u202eb", "a\u2028b", "\ud800", "x".repeat(2001)}) {
            assertThrows(text, IllegalArgumentException.class, () -> new JobId(text));
        }
    }
}
