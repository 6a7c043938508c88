// A user cancels the job while the build waits for it.
def emulator = 'https://localhost:18443/emulator'
def id = "nb:jid:UUID:${UUID.randomUUID()}"

stage('Submit') {
  node {
    sh """#!/bin/sh -e
    curl -skf -o /dev/null $emulator/jobs -d '{"id": "$id", "name": "Encoding Elephants Dream", "queued": 3,
      "tasks": [{"name": "Encode", "seconds": 8}], "ends": "canceled", "canceling": 4}'"""
  }
}
stage('Encode') {
  waitForAmsJob jobId: id
}
