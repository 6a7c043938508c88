// A job of AMS v2, one of AMS v3 (Azure Resource Manager), and one of MK.IO, in parallel.
def emulator = 'https://localhost:18443/emulator'
def guids = [v2: UUID.randomUUID(), v3: UUID.randomUUID(), mkio: UUID.randomUUID()]

stage('Submit') {
  node {
    for (api in guids.keySet()) {
      sh """#!/bin/sh -e
      curl -skf -o /dev/null $emulator/jobs -d '{"id": "nb:jid:UUID:${guids[api]}", "name": "Encoding for $api", "queued": 3,
        "tasks": [{"name": "1080p", "seconds": 15}, {"name": "720p", "seconds": 10}], "outputs": ["$api-1080p", "$api-720p"]}'"""
    }
  }
}
stage('Encode') {
  parallel 'AMS v2': {
    waitForAmsJob account: 'media-prod', jobId: "nb:jid:UUID:${guids.v2}"
  }, 'AMS v3': {
    waitForAmsJob account: 'media-arm', jobId: "Encoding/job-${guids.v3}"
  }, 'MK.IO': {
    waitForAmsJob account: 'media-mkio', jobId: "Encoding/job-${guids.mkio}"
  }
}
