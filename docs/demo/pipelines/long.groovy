// Runs for an hour. Abort the build, and the plugin cancels the job.
def emulator = 'https://localhost:18443/emulator'
def id = "nb:jid:UUID:${UUID.randomUUID()}"

stage('Submit') {
  node {
    sh """#!/bin/sh -e
    curl -skf -o /dev/null $emulator/jobs -d '{"id": "$id", "name": "Encoding a director cut", "queued": 2,
      "tasks": [{"name": "Encode", "seconds": 3600}]}'"""
  }
}
stage('Encode') {
  waitForAmsJob jobId: id, cancelOnAbort: true
}
