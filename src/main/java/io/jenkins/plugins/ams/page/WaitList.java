/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Api;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * One page of the waits that a user can see. Waits that need attention come first, followed by the longest waits.
 * Counts and account names include only these waits. The page's script requests the same page repeatedly to detect
 * changes.
 *
 * @since TODO
 */
@Restricted(NoExternalUse.class)
@ExportedBean
public final class WaitList {

    /** Maximum number of waits on one page. */
    static final int PAGE_SIZE = 25;

    private final Selection selection;
    private final int total;
    private final int matching;
    private final List<Option> accounts;
    private final List<Option> states;
    private final List<WaitView> rows;

    /**
     * Creates one page of waits.
     *
     * @param visible the waits that the user can see
     */
    WaitList(Collection<WaitView> visible, Selection wanted) {
        total = visible.size();
        Predicate<WaitView> ofAccount =
                view -> wanted.account() == null || wanted.account().equals(view.getAccount());
        Predicate<WaitView> inState = view ->
                wanted.state() == null || wanted.state().equals(view.getJob().getStateKey());
        List<WaitView> matches = visible.stream()
                .filter(ofAccount.and(inState))
                .sorted(WaitView.BY_URGENCY)
                .toList();
        matching = matches.size();
        selection = wanted.onPage(Math.max(1, Math.min(wanted.page(), getPages())));
        rows = matches.stream()
                .skip((selection.page() - 1L) * PAGE_SIZE)
                .limit(PAGE_SIZE)
                .toList();
        accounts = options(
                "account ",
                visible.stream().filter(inState).sorted(Comparator.comparing(WaitView::getAccount)),
                selection.account(),
                selection::ofAccount,
                WaitView::getAccount,
                WaitView::getAccount,
                Messages::WaitList_allAccounts);
        states = options(
                "state ",
                visible.stream()
                        .filter(ofAccount)
                        .sorted(Comparator.comparing(view -> view.getJob().stateOrder())),
                selection.state(),
                selection::inState,
                view -> view.getJob().getStateKey(),
                view -> view.getJob().getState(),
                Messages::WaitList_allStates);
    }

    /**
     * The filters and the page number, which determine the waits that are shown.
     *
     * @param account the account by which the waits are filtered, or null for all accounts
     * @param state the key of the state by which the waits are filtered, or null for all states
     * @param page the page number, starting at 1
     */
    record Selection(
            @CheckForNull String account, @CheckForNull String state, int page) {

        /** Creates a selection from request parameters. Ignores empty parameters and invalid page numbers. */
        static Selection of(@CheckForNull String account, @CheckForNull String state, @CheckForNull String page) {
            return new Selection(
                    account == null || account.isEmpty() ? null : account,
                    state == null || state.isEmpty() ? null : state,
                    JobList.number(page));
        }

        /** Parses a {@link #token}. Returns null if it is invalid. */
        @CheckForNull
        static Selection parse(String token) {
            try {
                String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
                String[] parts = text.split("\n", -1);
                return parts.length == 3 ? of(parts[1], parts[2], parts[0]) : null;
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        /** Returns a string that represents the selection in a URL segment. */
        String token() {
            String text = page + "\n" + (account == null ? "" : account) + '\n' + (state == null ? "" : state);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        Selection onPage(int other) {
            return new Selection(account, state, other);
        }

        Selection ofAccount(@CheckForNull String other) {
            return new Selection(other, state, 1);
        }

        Selection inState(@CheckForNull String other) {
            return new Selection(account, other, 1);
        }

        /** Returns the link to this selection, relative to the page of all waits. */
        String link() {
            return "?page=" + page + parameter("account", account) + parameter("state", state);
        }

        private static String parameter(String name, @CheckForNull String value) {
            return value == null ? "" : '&' + name + '=' + URLEncoder.encode(value, StandardCharsets.UTF_8);
        }
    }

    /**
     * An option of a filter.
     *
     * @param key identifies the option on the page
     * @param text the label with the number of waits, in the user's language
     * @param link the link to the filtered waits, relative to the page of all waits
     * @param selected whether the waits are filtered by this option
     */
    @ExportedBean(defaultVisibility = 2)
    public record Option(String key, String text, String link, boolean selected) {

        @Exported(name = "state")
        public String getKey() {
            return key;
        }

        @Exported
        public String getText() {
            return text;
        }

        public String getLink() {
            return link;
        }

        public boolean isSelected() {
            return selected;
        }
    }

    public Api getApi() {
        return new Api(this);
    }

    /** Returns the waits on this page. */
    @Exported(name = "jobs")
    public List<WaitView> getRows() {
        return rows;
    }

    /** Returns true, because new waits can begin at any time. */
    @Exported
    public boolean isBuilding() {
        return true;
    }

    /** Returns a token with which the page's script requests the same page again. */
    @Exported
    public String getRevision() {
        return selection.token();
    }

    /** Returns a string that changes when the waits on the page, their order, or the filter options change. */
    @Exported
    public String getLayout() {
        String numbers =
                rows.stream().map(row -> Long.toString(row.getNumber())).collect(Collectors.joining(","));
        String keys = Stream.concat(accounts.stream(), states.stream())
                .map(Option::key)
                .collect(Collectors.joining("/"));
        return getPages() + "/" + numbers + '/' + Integer.toHexString(keys.hashCode());
    }

    /** Returns the options of both filters. */
    @Exported
    public List<Option> getCounts() {
        return Stream.concat(accounts.stream(), states.stream()).toList();
    }

    /**
     * Returns the accounts by which the waits can be filtered. Empty if there is only one account and no account is
     * selected.
     */
    public List<Option> getAccounts() {
        return accounts.size() > 2 || selection.account() != null ? accounts : List.of();
    }

    /** Returns the states by which the waits can be filtered. */
    public List<Option> getStates() {
        return states;
    }

    /** Returns whether the user can see any waits, regardless of the filters. */
    public boolean isAny() {
        return total > 0;
    }

    public int getPages() {
        return Math.max(1, (matching + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    /** Returns the link to the previous page, or null on the first page. */
    @CheckForNull
    public String getPreviousLink() {
        return selection.page() > 1 ? selection.onPage(selection.page() - 1).link() : null;
    }

    /** Returns the link to the next page, or null on the last page. */
    @CheckForNull
    public String getNextLink() {
        return selection.page() < getPages()
                ? selection.onPage(selection.page() + 1).link()
                : null;
    }

    public String getPosition() {
        return Messages.JobList_position(selection.page(), getPages());
    }

    public String getPreviousText() {
        return Messages.JobList_previous();
    }

    public String getNextText() {
        return Messages.JobList_next();
    }

    /**
     * Returns a filter's options: one for all waits, and then one for each value that occurs, in the order of the
     * waits.
     */
    private static List<Option> options(
            String prefix,
            Stream<WaitView> waits,
            @CheckForNull String selected,
            Function<String, Selection> selection,
            Function<WaitView, String> key,
            Function<WaitView, String> label,
            Function<Object, String> all) {
        Map<String, List<WaitView>> byKey = new LinkedHashMap<>();
        waits.forEach(view -> byKey.computeIfAbsent(key.apply(view), each -> new ArrayList<>())
                .add(view));
        List<Option> options = new ArrayList<>();
        int sum = byKey.values().stream().mapToInt(List::size).sum();
        options.add(new Option(prefix, all.apply(sum), selection.apply(null).link(), selected == null));
        byKey.forEach((each, views) -> options.add(new Option(
                prefix + each,
                Messages.JobView_count(views.size(), label.apply(views.get(0))),
                selection.apply(each).link(),
                each.equals(selected))));
        return options;
    }
}
