package io.jenkins.plugins.ams.report;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.account.AmsAccount;
import io.jenkins.plugins.ams.account.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.credentials.AzureAdCredentials;
import io.jenkins.plugins.ams.service.JobId;
import java.util.List;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * The parameters of a wait as both doors ask for them: one rule each, told while a form is filled in and again when a
 * build runs.
 */
public final class WaitForm {

    /** Seconds. */
    public static final int DEFAULT_POLL_INTERVAL = 60;

    private static final int LEAST_POLL_INTERVAL = 2;
    private static final int MOST_POLL_INTERVAL = 3600;

    private WaitForm() {}

    /** Checks a job id that is taken literally. */
    public static FormValidation checkJobId(String value) {
        return validation(problemOfJobId(value));
    }

    /** Checks a job id in which variables are expanded when the build runs: those cannot be checked before. */
    public static FormValidation checkExpandableJobId(String value) {
        return value != null && value.indexOf('$') >= 0 ? FormValidation.ok() : checkJobId(value);
    }

    /** Checks a time limit in minutes. */
    public static FormValidation checkTimeout(String value) {
        if (Util.fixEmptyAndTrim(value) == null) {
            return FormValidation.ok();
        }
        return FormValidation.validateNonNegativeInteger(value);
    }

    /** Checks the longest time between two looks, in seconds. */
    public static FormValidation checkPollInterval(String value) {
        if (Util.fixEmptyAndTrim(value) == null) {
            return FormValidation.ok();
        }
        return FormValidation.validateIntegerInRange(value, LEAST_POLL_INTERVAL, MOST_POLL_INTERVAL);
    }

    static void requireJobId(String value) throws AbortException {
        refuse(problemOfJobId(value));
    }

    static void requireTimeout(int minutes) throws AbortException {
        refuse(minutes < 0 ? Messages.WaitForm_timeout(Integer.toString(minutes)) : null);
    }

    static void requirePollInterval(int seconds) throws AbortException {
        boolean right = seconds >= LEAST_POLL_INTERVAL && seconds <= MOST_POLL_INTERVAL;
        refuse(right ? null : Messages.WaitForm_pollInterval(Integer.toString(seconds)));
    }

    /** The accounts of this controller, for those who may configure the job; the default one first. */
    public static ListBoxModel fillAccountItems(Item item, String current) {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.WaitForm_defaultAccount(), "");
        boolean listed = Util.fixEmpty(current) == null;
        if (mayChoose(item)) {
            for (AmsAccount account : AmsGlobalConfiguration.get().getAccounts()) {
                items.add(account.getName(), account.getName());
                listed |= account.getName().equals(current);
            }
        }
        if (!listed) {
            items.add(current, current); // kept as it is, also for those who may not see the others
        }
        return items;
    }

    /** The credentials that a build of this job could use, in the form of the Credentials plugin's consumer guide. */
    public static ListBoxModel fillCredentialsIdItems(Item item, String current) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (!mayChoose(item)) {
            return items.includeCurrentValue(current);
        }
        Authentication authentication =
                item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
        return items.includeEmptyValue()
                .includeMatchingAs(
                        authentication, item, AzureAdCredentials.class, List.of(), CredentialsMatchers.always())
                .includeCurrentValue(current);
    }

    private static boolean mayChoose(Item item) {
        if (item == null) {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
        }
        return item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }

    private static String problemOfJobId(String value) {
        try {
            JobId.parse(value);
            return null;
        } catch (JobId.MalformedJobIdException e) {
            if (e.text().isEmpty()) {
                return Messages.WaitForm_noJobId();
            }
            return e.entity() == null
                    ? Messages.WaitForm_notAJobId(ConsoleLog.plain(e.text()))
                    : Messages.WaitForm_otherEntity(ConsoleLog.plain(e.text()), e.entity());
        }
    }

    private static FormValidation validation(String problem) {
        return problem == null ? FormValidation.ok() : FormValidation.error(problem);
    }

    private static void refuse(String problem) throws AbortException {
        if (problem != null) {
            throw new AbortException(problem);
        }
    }
}
