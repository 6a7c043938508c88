// The client secret is wrong: the build fails immediately and says what to do.
waitForAmsJob jobId: 'nb:jid:UUID:00000000-0000-4000-8000-000000000001', credentialsId: 'ams-wrong-secret'
