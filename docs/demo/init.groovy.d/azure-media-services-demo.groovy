// Creates the jobs of the demo when Jenkins starts, since Jenkins runs each file of JENKINS_HOME/init.groovy.d. See
// README.md in the parent folder. System properties:
//   ams.demo          the folder of the Pipelines; JENKINS_HOME/azure-media-services-demo by default
//   ams.demo.classes  the compiled emulator, which is started in this process; without it, the emulator runs elsewhere

import hudson.model.FreeStyleProject
import hudson.model.ParametersDefinitionProperty
import hudson.model.StringParameterDefinition
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder
import java.nio.file.Path
import java.security.KeyStore
import java.util.logging.Logger
import javax.net.ssl.HttpsURLConnection
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import jenkins.model.Jenkins
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition
import org.jenkinsci.plugins.workflow.job.WorkflowJob

final int PORT = 18443
final String FREESTYLE_JOB_ID = 'nb:jid:UUID:00000000-0000-4000-8000-000000000001'

def logger = Logger.getLogger('io.jenkins.plugins.ams.demo')
def jenkins = Jenkins.get()
def demo = new File(System.getProperty('ams.demo', "${jenkins.rootDir}/azure-media-services-demo"))
def classes = System.getProperty('ams.demo.classes')

if (classes != null) {
  def home = Path.of(System.getProperty('ams.home', "${jenkins.rootDir}/emulator"))
  def loader = new URLClassLoader([new File(classes).toURI().toURL()] as URL[], jenkins.pluginManager.uberClassLoader)
  def emulator = loader.loadClass('io.jenkins.plugins.ams.emulator.EmulatorMain').start(home, PORT)
  // replaces -Djavax.net.ssl.trustStore, which does not exist at the first start; builds resume after this script
  def trusted = KeyStore.getInstance(home.resolve('trust.p12').toFile(), emulator.trustStorePassword().toCharArray())
  def managers = TrustManagerFactory.getInstance(TrustManagerFactory.defaultAlgorithm)
  managers.init(trusted)
  def context = SSLContext.getInstance('TLS')
  context.init(null, managers.trustManagers, null)
  SSLContext.setDefault(context)
  logger.info("The emulator of Azure Media Services listens at ${emulator.endpoint()}")
}

demo.toPath().resolve('pipelines').toFile().listFiles().sort().each { file ->
  def script = file.getText('UTF-8')
  def name = file.name - '.groovy'
  def job = jenkins.getItem(name) ?: jenkins.createProject(WorkflowJob, name)
  job.description = script.readLines()[0] - '// '
  job.definition = new CpsFlowDefinition(script, true)
  job.save()
}

if (jenkins.getItem('freestyle') == null) {
  def freestyle = jenkins.createProject(FreeStyleProject, 'freestyle')
  freestyle.description = 'The build step, for the ID of any job. The default job was submitted when Jenkins started.'
  freestyle.addProperty(new ParametersDefinitionProperty(
    new StringParameterDefinition('AMS_JOB_ID', FREESTYLE_JOB_ID, 'The other jobs print theirs in their consoles.')))
  freestyle.buildersList.add(new WaitForAmsJobBuilder('$AMS_JOB_ID'))
  freestyle.save()
}

try {
  def connection = (HttpsURLConnection) new URL("https://localhost:$PORT/emulator/jobs").openConnection()
  connection.SSLSocketFactory = SSLContext.default.socketFactory
  connection.doOutput = true
  connection.connectTimeout = 5000
  connection.readTimeout = 5000
  connection.outputStream.withWriter('UTF-8') {
    it << """{"id": "$FREESTYLE_JOB_ID", "name": "Encoding Spring", "queued": 20,
      "tasks": [{"name": "Encode", "seconds": 60}], "outputs": ["Spring"]}"""
  }
  logger.info("Submitted a job for the freestyle project: ${connection.responseCode}")
} catch (IOException e) {
  logger.warning("The emulator does not answer at port $PORT, so no job of the demo will: $e")
}
