// The job fails once, and MK.IO says that it can be retried: the block submits it again.
def emulator = 'https://localhost:18443/emulator'
def tries = 0

retry(count: 3, conditions: [amsRetryable()]) {
  def guid = UUID.randomUUID()
  def ends = tries++ == 0 ? 'error' : 'finished'
  stage('Submit') {
    node {
      sh """#!/bin/sh -e
      curl -skf -o /dev/null $emulator/jobs -d '{"id": "nb:jid:UUID:$guid", "name": "Encoding Sprite Fright", "queued": 3,
        "tasks": [{"name": "Encode", "seconds": 8}], "outputs": ["Sprite Fright"],
        "ends": "$ends", "code": "TransientError", "message": "The storage was busy."}'"""
    }
  }
  stage('Encode') {
    waitForAmsJob account: 'media-mkio', jobId: "Encoding/job-$guid"
  }
}
