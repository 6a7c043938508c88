/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
/*
 * Updates the AMS jobs on a page while the build runs. Requests name only the jobs that the page shows, and responses
 * contain only the jobs that have changed. The script updates states and progress bars in place. It loads everything
 * else as HTML from the server, which translates and escapes all text. The details of a job are loaded when the user
 * opens the job's section.
 */
(function () {
  "use strict";

  const PERIOD = 3000;
  const MAX_PERIOD = 60000;
  const TREE =
    "building,revision,layout,counts[state,text],jobs[guid,number,name,state,progress,waitStatus,cancelStatus,warning," +
    "waitingText,nextPollText]";

  function get(url) {
    return fetch(url, { cache: "no-store", credentials: "same-origin" }).then(
      function (response) {
        if (!response.ok) {
          const error = new Error("status " + response.status);
          // The user is logged out, or the build was deleted. A retry would not help.
          error.isFinal = response.status >= 400 && response.status < 500;
          throw error;
        }
        return response;
      },
    );
  }

  function text(response) {
    return response.text();
  }

  function part(element, name) {
    return element.querySelector("[data-ams-part='" + name + "']");
  }

  /** Returns the key of a job in a list. On the page of all waits, this is the number of the wait. */
  function keyOf(job) {
    return String(job.number || job.guid);
  }

  /**
   * Updates one list of jobs: the lines on the build page, the sections on the AMS jobs page, or the rows on the page of
   * all waits.
   */
  function keep(list) {
    const url = list.dataset.amsUrl;
    let failures = 0;

    /** Returns the data about the whole list, which the server adds to the list's HTML. */
    function head() {
      return list.querySelector("[data-ams-layout]").dataset;
    }

    function shownJobs() {
      return Array.from(list.querySelectorAll("[data-ams-job]"));
    }

    function schedule() {
      setTimeout(
        refresh,
        Math.min(MAX_PERIOD, PERIOD * Math.pow(2, failures)),
      );
    }

    function refresh() {
      if (document.hidden) {
        schedule();
        return;
      }
      const indexes = shownJobs().map(function (job) {
        return job.dataset.amsIndex; // undefined on the page of all waits, whose rows the server determines
      });
      get(
        url +
          "changes/" +
          head().amsRevision +
          "-" +
          indexes.join(",") +
          "/api/json?tree=" +
          encodeURIComponent(TREE),
      )
        .then(function (response) {
          return response.json();
        })
        .then(show)
        .then(function (building) {
          failures = 0;
          if (building) {
            schedule();
          }
        })
        .catch(function (error) {
          failures++;
          if (!error.isFinal) {
            schedule();
          }
        });
    }

    /** Returns whether showing a change requires text from the server. */
    function needsWords(shown, job) {
      function differs(key, name) {
        return (shown.dataset[name] || "") !== (job[key] || "");
      }
      return list.dataset.amsList === "sections"
        ? !job.state && differs("waitStatus", "amsWaitStatus")
        : differs("state", "amsState") ||
            (!job.number && differs("waitStatus", "amsWaitStatus")) ||
            differs("cancelStatus", "amsCancelStatus") ||
            differs("warning", "amsWarning");
    }

    /** Shows the changes, and returns whether the build is still running. */
    function show(changes) {
      const byKey = {};
      shownJobs().forEach(function (shown) {
        byKey[shown.dataset.amsJob] = shown;
      });
      const jobs = changes.jobs.filter(function (job) {
        return keyOf(job) in byKey;
      });
      if (
        !changes.building ||
        changes.layout !== head().amsLayout ||
        isFilteredAnew(changes.counts) ||
        jobs.some(function (job) {
          return needsWords(byKey[keyOf(job)], job);
        })
      ) {
        return refreshList().then(function () {
          return changes.building;
        });
      }
      head().amsRevision = changes.revision;
      changes.counts.forEach(showCount);
      let done = Promise.resolve();
      jobs.forEach(function (job) {
        const shown = byKey[keyOf(job)];
        showHead(shown, job);
        shown.dataset.amsStale = "true"; // a closed section is loaded when the user opens it
        if (shown.open) {
          done = done.then(function () {
            return refreshBody(shown);
          });
        }
      });
      return done.then(function () {
        return true;
      });
    }

    function count(state) {
      return Array.prototype.find.call(
        list.querySelectorAll("[data-ams-count]"),
        function (candidate) {
          return candidate.dataset.amsCount === state;
        },
      );
    }

    function showCount(now) {
      const shown = count(now.state);
      if (shown) {
        shown.textContent = now.text;
      }
    }

    /** Returns whether the list shows only jobs in one state, and the number of jobs in that state has changed. */
    function isFilteredAnew(counts) {
      const filter = head().amsFilter;
      const shown = filter ? count(filter) : null;
      return (
        Boolean(shown) &&
        counts.some(function (now) {
          return now.state === filter && now.text !== shown.textContent;
        })
      );
    }

    function showHead(shown, job) {
      const percent = String(Math.floor(job.progress));
      shown.dataset.amsState = job.state || "";
      if (job.state) {
        part(shown, "state").textContent = job.state;
      }
      part(shown, "bar").setAttribute("value", percent);
      const words = part(shown, "percent");
      words.textContent = words.textContent.replace(/\d+/, percent);
      if (job.number) {
        part(shown, "waiting").textContent = job.waitingText;
        part(shown, "next").textContent = job.nextPollText;
      }
    }

    function refreshBody(shown) {
      delete shown.dataset.amsStale;
      return get(url + "job/" + shown.dataset.amsJob + "/body")
        .then(text)
        .then(function (html) {
          part(shown, "body").innerHTML = html;
          Behaviour.applySubtree(part(shown, "body"));
        });
    }

    /** Loads the details of a section that the user has opened, unless the section already contains current details. */
    function onToggle(event) {
      const shown = event.target;
      if (shown.open && shown.dataset.amsStale) {
        refreshBody(shown).catch(function () {
          shown.dataset.amsStale = "true"; // retry when the user opens the section again
        });
      }
    }

    /** Returns the link or section header for a value that placeOf() returned. */
    function control(place) {
      return Array.prototype.find.call(
        list.querySelectorAll("a, summary"),
        function (candidate) {
          return placeOf(candidate) === place;
        },
      );
    }

    function placeOf(element) {
      return (
        element.dataset.url ||
        element.getAttribute("href") ||
        element.parentElement.id
      );
    }

    function refreshList() {
      const query = list.dataset.amsList === "lines" ? "" : location.search;
      return get(url + list.dataset.amsList + query)
        .then(text)
        .then(function (html) {
          const open = {};
          list.querySelectorAll("details").forEach(function (section) {
            open[section.id] = section.open;
          });
          const active = document.activeElement;
          const place = list.contains(active) ? placeOf(active) : null;
          list.innerHTML = html;
          Behaviour.applySubtree(list); // activates the buttons that ask for confirmation
          list.querySelectorAll("details").forEach(function (section) {
            if (section.id in open) {
              section.open = open[section.id];
            }
          });
          const focused = place && control(place);
          if (focused) {
            focused.focus({ preventScroll: true });
          }
        });
    }

    list.addEventListener("toggle", onToggle, true); // the event does not bubble
    if (list.dataset.amsBuilding === "true") {
      schedule();
    }
  }

  /** Opens the section that the URL's fragment specifies. */
  function openTarget() {
    const target = document.getElementById(location.hash.substring(1));
    if (target && target.classList.contains("ams-job")) {
      target.open = true;
      target.scrollIntoView();
    }
  }

  function start() {
    document.querySelectorAll("[data-ams-list]").forEach(keep);
    openTarget();
    window.addEventListener("hashchange", openTarget);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
