// One of two tasks fails, and so do the job and the build.
def emulator = 'https://localhost:18443/emulator'
def id = "nb:jid:UUID:${UUID.randomUUID()}"

stage('Submit') {
  node {
    sh """#!/bin/sh -e
    curl -skf -o /dev/null $emulator/jobs -d '{"id": "$id", "name": "Encoding Sintel", "queued": 3,
      "tasks": [{"name": "Encode", "seconds": 8}, {"name": "Thumbnails", "seconds": 6}], "ends": "error", "task": 0,
      "code": "ErrorDownloadingInputAssetMalformedContent", "message": "The input asset holds no media file."}'"""
  }
}
stage('Encode') {
  waitForAmsJob jobId: id
}
