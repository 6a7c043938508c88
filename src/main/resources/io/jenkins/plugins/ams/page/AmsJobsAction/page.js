/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
/*
 * Updates the AMS jobs on a page while the build is running, using the JSON of the REST API. States and progress bars
 * are updated in place. All other content is replaced by HTML from the server, which translates and escapes texts.
 */
(function () {
  "use strict";

  const POLL_INTERVAL_MILLIS = 3000;
  const MAX_POLL_INTERVAL_MILLIS = 60000;
  const TREE =
    "building,jobs[guid,name,state,progress,waitStatus,cancelStatus,error,warning,tasks[state,progress]]";

  function fetchChecked(url) {
    return fetch(url, { cache: "no-store", credentials: "same-origin" }).then(
      function (response) {
        if (!response.ok) {
          const error = new Error("status " + response.status);
          // the user is logged out or the build was deleted: retrying would not help
          error.isFinal = response.status >= 400 && response.status < 500;
          throw error;
        }
        return response;
      },
    );
  }

  function part(element, name) {
    return element.querySelector("[data-ams-part='" + name + "']");
  }

  /** Updates one list of jobs: the lines on the page of the build, or the sections on the page of the jobs. */
  function updatePeriodically(list) {
    const url = list.dataset.amsUrl;
    const known = {};
    let failures = 0;

    function findJob(guid) {
      return Array.prototype.find.call(
        list.querySelectorAll("[data-ams-job]"),
        function (candidate) {
          return candidate.dataset.amsJob === guid;
        },
      );
    }

    function scheduleNextPoll() {
      setTimeout(
        poll,
        Math.min(
          MAX_POLL_INTERVAL_MILLIS,
          POLL_INTERVAL_MILLIS * Math.pow(2, failures),
        ),
      );
    }

    function poll() {
      if (document.hidden) {
        scheduleNextPoll();
        return;
      }
      fetchChecked(url + "api/json?tree=" + encodeURIComponent(TREE))
        .then(function (response) {
          return response.json();
        })
        .then(update)
        .then(function (building) {
          failures = 0;
          if (building) {
            scheduleNextPoll();
          }
        })
        .catch(function (error) {
          failures++;
          if (!error.isFinal) {
            scheduleNextPoll();
          }
        });
    }

    /** Returns whether the list must be fetched again: it lacks a job, or a text that the server renders has changed. */
    function isOutdated(page) {
      return page.jobs.some(function (job) {
        const shown = findJob(job.guid);
        if (!shown) {
          return true;
        }
        function differs(key, name) {
          return (shown.dataset[name] || "") !== (job[key] || "");
        }
        return list.dataset.amsList === "lines"
          ? differs("state", "amsState") ||
              differs("waitStatus", "amsWaitStatus") ||
              differs("cancelStatus", "amsCancelStatus") ||
              differs("warning", "amsWarning")
          : !job.state && differs("waitStatus", "amsWaitStatus");
      });
    }

    function update(page) {
      if (!page.building || isOutdated(page)) {
        return refreshList().then(function () {
          return page.building;
        });
      }
      let updates = Promise.resolve();
      page.jobs.forEach(function (job) {
        const shown = findJob(job.guid);
        if (!shown) {
          return;
        }
        updateHead(shown, job);
        const now = JSON.stringify(job);
        const before = known[job.guid];
        if (before === undefined && shown.dataset.amsLive !== "true") {
          known[job.guid] = now; // the job had ended when the page was rendered
        } else if (before !== now && shown.open) {
          known[job.guid] = now; // a closed section is updated by the first poll after it is opened
          updates = updates.then(function () {
            return refreshBody(shown);
          });
        }
      });
      return updates.then(function () {
        return true;
      });
    }

    function updateHead(shown, job) {
      const percent = String(Math.floor(job.progress));
      shown.dataset.amsState = job.state || "";
      if (job.state) {
        part(shown, "state").textContent = job.state;
      }
      part(shown, "bar").setAttribute("value", percent);
      const text = part(shown, "percent");
      text.textContent = text.textContent.replace(/\d+/, percent);
    }

    function refreshBody(shown) {
      return fetchChecked(url + "job/" + shown.dataset.amsJob + "/body")
        .then(function (response) {
          return response.text();
        })
        .then(function (html) {
          part(shown, "body").innerHTML = html;
        });
    }

    /** Finds a focusable element by the key that focusKey() returned for it. */
    function findFocusable(key) {
      return Array.prototype.find.call(
        list.querySelectorAll("a, summary"),
        function (candidate) {
          return focusKey(candidate) === key;
        },
      );
    }

    /** Identifies a focusable element by the target of its link or the ID of its section. */
    function focusKey(element) {
      return element.getAttribute("href") || element.parentElement.id;
    }

    function refreshList() {
      return fetchChecked(url + list.dataset.amsList)
        .then(function (response) {
          return response.text();
        })
        .then(function (html) {
          const open = {};
          list.querySelectorAll("details").forEach(function (section) {
            open[section.id] = section.open;
          });
          const active = document.activeElement;
          const key = list.contains(active) ? focusKey(active) : null;
          list.innerHTML = html;
          list.querySelectorAll("details").forEach(function (section) {
            if (section.id in open) {
              section.open = open[section.id];
            }
          });
          const focused = key && findFocusable(key);
          if (focused) {
            focused.focus({ preventScroll: true });
          }
        });
    }

    if (list.dataset.amsBuilding === "true") {
      scheduleNextPoll();
    }
  }

  /** Opens the section that the URL fragment refers to. */
  function openTarget() {
    const target = document.getElementById(location.hash.substring(1));
    if (target && target.classList.contains("ams-job")) {
      target.open = true;
      target.scrollIntoView();
    }
  }

  function start() {
    document.querySelectorAll("[data-ams-list]").forEach(updatePeriodically);
    openTarget();
    window.addEventListener("hashchange", openTarget);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
