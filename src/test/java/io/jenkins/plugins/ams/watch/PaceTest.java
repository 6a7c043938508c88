package io.jenkins.plugins.ams.watch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.watch.PollSchedule.Next;
import java.time.Duration;
import org.junit.Test;

public class PaceTest {

    private static final Duration LATENCY = Duration.ofMillis(100);

    private final Pace pace = new Pace();

    @Test
    public void aFewRequestsAtOnceAreAlwaysAllowed() {
        assertEquals(4, pace.allowed(0));
        answers(1000);
        pace.plan(5);
        assertEquals(4, pace.allowed(1));
    }

    @Test
    public void allowsTwiceWhatIsPlanned() {
        answers(5000);
        pace.plan(32);
        assertEquals("32 a second of 0.1 s are 3.2 at once", 7, pace.allowed(1));
        pace.plan(1000);
        assertEquals(Pace.MOST_IN_FLIGHT, pace.allowed(2));
        pace.unplan(1000);
        assertEquals(7, pace.allowed(1));
        pace.unplan(32);
        assertEquals(4, pace.allowed(0));
    }

    @Test
    public void goesSlowlyToTheMost() {
        answers(1);
        pace.plan(1000);
        assertEquals(4, pace.allowed(1));
        answers(199);
        assertEquals(5, pace.allowed(1));
        answers(11 * 200);
        assertEquals(Pace.MOST_IN_FLIGHT, pace.allowed(1));
        answers(1000);
        assertEquals(Pace.MOST_IN_FLIGHT, pace.allowed(1));
    }

    @Test
    public void putsLooksOffWhenMoreIsPlannedThanTheMostCanDo() {
        pace.answered(LATENCY);
        pace.plan(128);
        assertEquals("8 of 10 of 16 at once", 1, pace.stretch(1), 1e-9);
        pace.plan(128);
        assertEquals(2, pace.stretch(2), 1e-9);
    }

    @Test
    public void reckonsWithWaitsForWhichNothingIsPlannedYet() {
        pace.answered(LATENCY);
        pace.plan(0.128);
        assertEquals(1, pace.stretch(1000), 1e-9);
        assertEquals(10, pace.stretch(10_000), 1e-9);
    }

    @Test
    public void anAnswerThatTookLongerIsHardlyAReasonToAskMoreAtOnce() {
        answers(5000);
        pace.plan(30);
        for (int i = 0; i < 5; i++) {
            pace.answered(LATENCY.multipliedBy(3));
        }
        assertEquals(8, pace.allowed(1));
        pace.plan(170);
        assertTrue("but one for fewer", pace.stretch(2) > 1.5);
        pace.unplan(170);
        for (int i = 0; i < 500; i++) {
            pace.answered(LATENCY.multipliedBy(2));
        }
        assertEquals("if it stays like that, it is", 12, pace.allowed(1));
        answers(20);
        assertEquals(7, pace.allowed(1));
    }

    @Test
    public void aRefusalHalvesWhatIsAllowedAndGoodAnswersBringItBack() {
        answers(5000);
        pace.plan(50);
        assertEquals(10, pace.allowed(1));
        assertEquals(1, pace.stretch(1), 1e-9);
        pace.refused(1);
        assertEquals(5, pace.allowed(1));
        assertEquals("5 at once are needed, 4 of them may be planned", 1.25, pace.stretch(1), 1e-9);
        pace.refused(1);
        pace.refused(1);
        pace.refused(1);
        assertEquals("one at least", 1, pace.allowed(1));
        answers(199);
        assertEquals(1, pace.allowed(1));
        answers(1);
        assertEquals(2, pace.allowed(1));
        answers(200 * 14);
        assertEquals(10, pace.allowed(1));
        assertEquals(1, pace.stretch(1), 1e-9);
    }

    @Test
    public void looksThatShareARequestNeedAShareOfIt() {
        Next cheap = new Next(Duration.ofSeconds(10), false);
        assertEquals(0.1, pace.requestsPerSecond(cheap), 1e-9);
        assertEquals(0.2, pace.requestsPerSecond(new Next(Duration.ofSeconds(10), true)), 1e-9);
        for (int i = 0; i < 500; i++) {
            pace.looked(20);
        }
        assertEquals(0.005, pace.requestsPerSecond(cheap), 1e-9);
    }

    private void answers(int count) {
        for (int i = 0; i < count; i++) {
            pace.answered(LATENCY);
        }
    }
}
