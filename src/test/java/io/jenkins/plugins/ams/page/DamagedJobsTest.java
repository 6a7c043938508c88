/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.io.xml.DomDriver;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.Language;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;

/** The jobs of a build whose file was cut off, edited or written by another version: what is there is shown. */
public class DamagedJobsTest {

    private static final Instant NOW = Samples.STARTED.plusSeconds(60);

    /** What XStream refuses to be null, where Jenkins leaves out what XStream refuses. */
    private static final Set<String> PRIMITIVE = Set.of("progress", "runningDuration");

    @Rule
    public final Language language = Language.english();

    @Test
    public void toleratesAMissingElement() {
        String whole = xml(sample());
        assertEquals("Error", read(whole).get(0).getState());
        for (Part part : parts(whole)) {
            show(part, read(part.without(whole)));
        }
    }

    @Test
    public void toleratesANullElement() {
        String whole = xml(sample());
        for (Part part : parts(whole)) {
            if (!PRIMITIVE.contains(part.name())) {
                show(part, read(part.replacedBy("<" + part.name() + " class=\"null\"/>", whole)));
            }
            show(part, read(part.replacedBy("<null/>", whole)));
        }
    }

    @Test
    public void hidesInvalidTimesAndNumbers() {
        String whole = xml(sample());
        for (Part part : parts(whole)) {
            String text = part.text(whole);
            if (text.matches(".*>-?[0-9.]+<.*")) {
                for (String number : List.of("-1", "0", "9223372036854775807", "-9223372036854775808")) {
                    boolean fits = !part.name().equals("stateNumber") || number.length() < 5;
                    if (fits) {
                        show(part, read(part.replacedBy(text.replaceFirst(">[^<]*<", ">" + number + "<"), whole)));
                    }
                }
                if (text.contains(".")) {
                    for (String number : List.of("NaN", "Infinity", "-Infinity", "1e300")) {
                        show(part, read(part.replacedBy(text.replaceFirst(">[^<]*<", ">" + number + "<"), whole)));
                    }
                }
            }
        }
    }

    @Test
    public void skipsInvalidJobs() {
        String job = xml(sample()).replaceAll("(?s)^<list>|</list>$", "");
        List<StoredJob> jobs = read("<list><null/><string>x</string>" + job + "<null/></list>");
        assertEquals(1, jobs.size());
        assertEquals("Encoding", jobs.get(0).getName());
        assertEquals(List.of(), StoredJob.present(null, StoredJob.class));
    }

    @Test
    public void leavesAMissingStateUnknown() {
        StoredJob job = read(xml(sample()).replaceAll("<stateNumber>.*</stateNumber>", ""))
                .get(0);
        assertEquals(JobState.UNKNOWN.label(), job.getState());
        assertEquals(JobState.UNKNOWN.label(), job.getTasks().get(0).getState());
    }

    /** An element by its place in a text. */
    private record Part(int start, int end, String name) {

        String text(String whole) {
            return whole.substring(start, end);
        }

        String without(String whole) {
            return replacedBy("", whole);
        }

        String replacedBy(String other, String whole) {
            return whole.substring(0, start) + other + whole.substring(end);
        }
    }

    /** All elements below the list: those without elements in them, and those with. */
    private static List<Part> parts(String whole) {
        List<Part> parts = new ArrayList<>();
        for (MatchResult found : Pattern.compile("<([\\w.]+)(?: [^>]*)?(/?)>")
                .matcher(whole)
                .results()
                .toList()) {
            String name = found.group(1);
            int end = found.group(2).isEmpty() ? endOf(name, found.end(), whole) : found.end();
            if (found.start() > 0) {
                parts.add(new Part(found.start(), end, name));
            }
        }
        assertThat(parts.size(), greaterThan(30));
        return parts;
    }

    private static int endOf(String name, int from, String whole) {
        int depth = 1;
        for (MatchResult tag : Pattern.compile("<(/?)" + Pattern.quote(name) + "(?: [^>]*)?(/?)>")
                .matcher(whole)
                .region(from, whole.length())
                .results()
                .toList()) {
            depth += !tag.group(2).isEmpty() ? 0 : tag.group(1).isEmpty() ? 1 : -1;
            if (depth == 0) {
                return tag.end();
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static List<StoredJob> sample() {
        ErrorDetail error = new ErrorDetail("ErrorParsingConfiguration", "no such preset");
        StoredJob waiting = StoredJob.waiting(Samples.ID, "media-prod");
        StoredJob ended = Samples.polled(
                        waiting,
                        Samples.job(JobState.SCHEDULED),
                        List.of(Samples.task("Encode", JobState.PROCESSING, 41.5)),
                        NOW)
                .canceling(StoredJob.CancelStatus.FAILED, "no")
                .ended(Samples.ended(JobState.ERROR, Samples.task("Encode", JobState.ERROR, 41.5, error)), NOW);
        return List.of(ended);
    }

    private static String xml(List<StoredJob> jobs) {
        return xstream().toXML(new ArrayList<>(jobs));
    }

    private static List<StoredJob> read(String xml) {
        return StoredJob.present((List<?>) xstream().fromXML(xml), StoredJob.class);
    }

    private static XStream xstream() {
        XStream xstream = new XStream(new DomDriver());
        xstream.ignoreUnknownElements();
        xstream.allowTypesByWildcard(new String[] {"io.jenkins.plugins.ams.**"});
        return xstream;
    }

    /** Asks for all that a page, the REST API or a wait that goes on could ask for. */
    private static void show(Part part, List<StoredJob> jobs) {
        try {
            for (StoredJob job : jobs) {
                callGetters(job);
                job.getTasks().forEach(DamagedJobsTest::callGetters);
                job.getErrors().forEach(DamagedJobsTest::callGetters);
                job.getOutputAssets().forEach(DamagedJobsTest::callGetters);
                for (boolean building : new boolean[] {true, false}) {
                    JobView view = new JobView(job, building, NOW, true);
                    callGetters(view);
                    view.getTimeline().getRows().forEach(DamagedJobsTest::callGetters);
                    assertNotNull(JobView.counts(List.of(view)));
                }
                job.is(Samples.ID.value(), "media-prod");
                job.waitingAgain("media-prod").aborted().isInSameStatesAs(job);
                assertEquals(
                        "Encoding",
                        Samples.polled(job, Samples.job(JobState.QUEUED), List.of(), NOW)
                                .getName());
            }
        } catch (RuntimeException e) {
            throw new AssertionError("cannot show a job whose " + part.name() + " is not as it should be", e);
        }
    }

    private static void callGetters(Object shown) {
        for (Method method : shown.getClass().getMethods()) {
            boolean getter = method.getName().matches("(get|is)[A-Z].*") && method.getParameterCount() == 0;
            if (getter && method.getDeclaringClass() != Object.class) {
                try {
                    Object value = method.invoke(shown);
                    if (value instanceof Double number) {
                        assertTrue(method.getName(), number >= 0 && number <= 100);
                    }
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(method.getName() + " fails", e);
                }
            }
        }
    }
}
