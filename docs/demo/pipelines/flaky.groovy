// The service is busy, rejects a token, and breaks connections. The build finishes nevertheless.
def emulator = 'https://localhost:18443/emulator'
def id = "nb:jid:UUID:${UUID.randomUUID()}"

stage('Submit') {
  node {
    sh """#!/bin/sh -e
    curl -skf -o /dev/null $emulator/jobs -d '{"id": "$id", "name": "Encoding Tears of Steel", "queued": 10,
      "tasks": [{"name": "Encode", "seconds": 15}]}'
    curl -skf -o /dev/null $emulator/faults -d '{"status": 503, "retryAfter": 5, "kinds": ["JOBS"], "job": "$id", "times": 2}'
    curl -skf -o /dev/null $emulator/faults -d '{"status": 401, "kinds": ["JOBS"], "job": "$id", "times": 1}'
    curl -skf -o /dev/null $emulator/faults -d '{"fault": "reset", "kinds": ["TASKS"], "job": "$id", "times": 2}'"""
  }
}
stage('Encode') {
  waitForAmsJob jobId: id
}
