#!/bin/bash
# Measures what many parallel waits in one build cost a controller: CPU and bytes written, beside as many sleep steps.
#
#   many-waits.sh PID JENKINS_URL EMULATOR_URL N...
#
# PID is the process of the controller, on this Linux machine. The controller needs no login, and its default account is
# on the emulator. For example: many-waits.sh 4711 http://127.0.0.1:8080 https://localhost:18443 20 100
set -euo pipefail
pid=$1 jenkins=$2 emulator=$3
shift 3
cookies=$(mktemp)
trap 'rm -f "$cookies"' EXIT
crumb=$(curl -sf -c "$cookies" "$jenkins/crumbIssuer/api/json" | sed 's/.*"crumb":"\([^"]*\)","crumbRequestField":"\([^"]*\)".*/\2: \1/')

post() { curl -sf -o /dev/null -b "$cookies" -H "$crumb" -X POST "$@"; }
used() { # milliseconds of CPU and bytes written
  awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000 / hz) }' "/proc/$pid/stat"
  awk '/^wchar/ { print $2 }' "/proc/$pid/io"
}
run() { # name, script, number of branches
  local before after
  post "$jenkins/job/$1/doDelete" || true
  printf '<flow-definition><definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition"><sandbox>true</sandbox><script>%s</script></definition></flow-definition>' "$2" |
    post -H 'Content-Type: application/xml' --data-binary @- "$jenkins/createItem?name=$1"
  mapfile -t before < <(used)
  post "$jenkins/job/$1/build?delay=0sec"
  local build='"building":true'
  while [[ $build == *'"building":true'* ]]; do
    sleep 3
    build=$(curl -sf "$jenkins/job/$1/lastBuild/api/json?tree=building,duration,result" || echo '"building":true')
  done
  sleep 3
  mapfile -t after < <(used)
  echo "$1 $3: $(((after[0] - before[0]) / $3)) ms CPU and $(((after[1] - before[1]) / $3 / 1024)) KB written per branch; $build"
}
for n in "$@"; do
  ids=
  for ((i = 0; i < n; i++)); do
    job='{"name": "Job '$i'", "queued": '$((2 + i % 8))', "scheduled": 2, "outputs": ["o"], "tasks": [{"name": "Encode", "seconds": '$((36 + i % 24))'}, {"name": "Thumbnails", "seconds": 5}]}'
    ids+=,$(curl -skf "$emulator/emulator/jobs" -d "$job" | grep -o 'nb:jid:UUID:[0-9a-f-]*')
  done
  # Both builds use the same script, because Pipeline saves the script and its variables again and again.
  script() { echo "def ids = '${ids#,}'.split(',') as List; parallel ids.collectEntries { id -&gt; [id, { $1 }] }"; }
  run waits "$(script 'waitForAmsJob jobId: id')" "$n"
  run sleeps "$(script 'sleep 60')" "$n"
done
