// The job finishes, and the build continues with its result.
def emulator = 'https://localhost:18443/emulator'
def id = "nb:jid:UUID:${UUID.randomUUID()}"

stage('Submit') {
  node {
    sh """#!/bin/sh -e
    curl -skf -o /dev/null $emulator/jobs -d '{"id": "$id", "name": "Encoding BigBuckBunny", "queued": 4, "scheduled": 2,
      "tasks": [{"name": "Encode", "seconds": 15}, {"name": "Thumbnails", "seconds": 6}],
      "outputs": ["BigBuckBunny - encoded", "BigBuckBunny - thumbnails"]}'"""
  }
}
stage('Encode') {
  def job = waitForAmsJob jobId: id
  for (asset in job.outputAssets) {
    echo "${asset.name} is at ${asset.uri}"
  }
}
