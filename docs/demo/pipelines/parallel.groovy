// Three jobs at once, one of which fails. The Pipeline decides by the results and marks the build as unstable.
def emulator = 'https://localhost:18443/emulator'
def ids = [:]

stage('Submit') {
  node {
    for (name in ['hd', 'sd', 'audio']) {
      ids[name] = "nb:jid:UUID:${UUID.randomUUID()}"
      def seconds = [hd: 20, sd: 15, audio: 10][name]
      def ends = name == 'audio' ? 'error' : 'finished'
      sh """#!/bin/sh -e
      curl -skf -o /dev/null $emulator/jobs -d '{"id": "${ids[name]}", "name": "Encoding $name", "queued": 3,
        "tasks": [{"name": "Encode", "seconds": $seconds}, {"name": "Package", "seconds": 4}], "outputs": ["$name"],
        "ends": "$ends", "code": "ErrorParsingConfiguration", "message": "The preset is not valid."}'"""
    }
  }
}
stage('Encode') {
  def results = [:]
  parallel ids.collectEntries { name, id ->
    [name, { results[name] = waitForAmsJob jobId: id, propagate: false }]
  }
  for (name in results.keySet().sort()) {
    if (results[name].state != 'Finished') {
      unstable "$name ended in ${results[name].state}: ${results[name].tasks[-1].errors[0].message}"
    }
  }
}
