/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
/*
 * Keeps what a page shows of AMS jobs up to date while the build runs. It asks for the same JSON that the REST API
 * gives. A state or a bar is changed in place; what is more than that comes from the server as it is, since that is
 * where texts are translated and escaped.
 */
(function () {
  "use strict";

  const PERIOD = 3000;
  const LONGEST_PERIOD = 60000;
  const TREE =
    "building,jobs[guid,name,state,progress,waitStatus,cancelStatus,error,warning,tasks[state,progress]]";

  function get(url) {
    return fetch(url, { cache: "no-store", credentials: "same-origin" }).then(
      function (response) {
        if (!response.ok) {
          const error = new Error("status " + response.status);
          // logged out, or the build is gone: it will not be better next time
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

  /** Keeps one list of jobs up to date: the lines on the build's page, or the sections of the jobs' own page. */
  function keep(list) {
    const url = list.dataset.amsUrl;
    const known = {};
    let failures = 0;

    function element(id) {
      return Array.prototype.find.call(
        list.querySelectorAll("[data-ams-job]"),
        function (candidate) {
          return candidate.dataset.amsJob === id;
        },
      );
    }

    function again() {
      setTimeout(look, Math.min(LONGEST_PERIOD, PERIOD * Math.pow(2, failures)));
    }

    function look() {
      if (document.hidden) {
        again();
        return;
      }
      get(url + "api/json?tree=" + encodeURIComponent(TREE))
        .then(function (response) {
          return response.json();
        })
        .then(show)
        .then(function (building) {
          failures = 0;
          if (building) {
            again();
          }
        })
        .catch(function (error) {
          failures++;
          if (!error.isFinal) {
            again();
          }
        });
    }

    /** Whether the list has to be made anew, as it shows other jobs than there are, or words that are the server's. */
    function isOutdated(page) {
      return page.jobs.some(function (job) {
        const shown = element(job.guid);
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

    function show(page) {
      if (!page.building || isOutdated(page)) {
        return refreshList().then(function () {
          return page.building;
        });
      }
      let done = Promise.resolve();
      page.jobs.forEach(function (job) {
        const shown = element(job.guid);
        if (!shown) {
          return;
        }
        showHead(shown, job);
        const now = JSON.stringify(job);
        const before = known[job.guid];
        if (before === undefined && shown.dataset.amsLive !== "true") {
          known[job.guid] = now; // had ended when the page was made
        } else if (before !== now && shown.open) {
          known[job.guid] = now; // one that is closed is read at the first look after it was opened
          done = done.then(function () {
            return refreshBody(shown);
          });
        }
      });
      return done.then(function () {
        return true;
      });
    }

    function showHead(shown, job) {
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
      return get(url + "job/" + shown.dataset.amsJob + "/body")
        .then(function (response) {
          return response.text();
        })
        .then(function (html) {
          part(shown, "body").innerHTML = html;
        });
    }

    /** What can have the focus, by where it leads or by the section that it opens. */
    function control(place) {
      return Array.prototype.find.call(
        list.querySelectorAll("a, summary"),
        function (candidate) {
          return placeOf(candidate) === place;
        },
      );
    }

    function placeOf(element) {
      return element.getAttribute("href") || element.parentElement.id;
    }

    function refreshList() {
      return get(url + list.dataset.amsList)
        .then(function (response) {
          return response.text();
        })
        .then(function (html) {
          const open = {};
          list.querySelectorAll("details").forEach(function (section) {
            open[section.id] = section.open;
          });
          const active = document.activeElement;
          const place = list.contains(active) ? placeOf(active) : null;
          list.innerHTML = html;
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

    if (list.dataset.amsBuilding === "true") {
      again();
    }
  }

  /** Opens the section that the address names. */
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
