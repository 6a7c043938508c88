/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.Assert.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.credentials.RawParameters;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;

/** The rooms of the design: what may know what. */
public class ArchitectureTest {

    /** From the bottom to the top. A package knows those before it, never those behind it. */
    private static final List<String> PACKAGES = List.of(
            "http",
            "auth",
            "service",
            "polling",
            "runtime",
            "console",
            "result",
            "credentials",
            "config",
            "page",
            "wait",
            "freestyle",
            "pipeline");

    /** What scripts and other plugins can use, besides all types with a descriptor. */
    private static final String[] API = {
        "config.AmsApi",
        "config.AmsGlobalConfiguration",
        "config.AzureCloud",
        "config.ResourceManagerShapedApi",
        "config.V3ShapedApi",
        "credentials.AzureAdApplicationCredentials",
        "credentials.AzureAdCredentials",
        "credentials.CredentialsLookup",
        "credentials.SupportedCredentials",
        "result.AmsAssetResult",
        "result.AmsErrorResult",
        "result.AmsJobResult",
        "result.AmsTaskResult",
        "result.WaitStatus",
        "wait.AmsJobFailureCause"
    };

    private static final String[] FREE_OF_JENKINS = {
        packagePattern("http"), packagePattern("auth"), packagePattern("service"), packagePattern("polling")
    };

    @Test
    public void coreDoesNotDependOnJenkins() {
        noClasses()
                .that()
                .resideInAnyPackage(FREE_OF_JENKINS)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "hudson..",
                                "jenkins..",
                                "io.jenkins..",
                                "com.cloudbees..",
                                "org.jenkinsci..",
                                "org.jvnet..",
                                "org.kohsuke..",
                                "org.springframework..",
                                "jakarta..",
                                "javax.servlet..")
                        .and(resideOutsideOfPackage(PluginClasses.PACKAGE + "..")))
                .check(PluginClasses.all());
    }

    @Test
    public void packagesDependOnlyOnLowerPackages() {
        for (int i = 0; i < PACKAGES.size() - 1; i++) {
            String[] above = PACKAGES.subList(i + 1, PACKAGES.size()).stream()
                    .map(ArchitectureTest::packagePattern)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(packagePattern(PACKAGES.get(i)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .allowEmptyShould(true)
                    .check(PluginClasses.all());
        }
    }

    @Test
    public void entryPointsAreIndependent() {
        noClasses()
                .that()
                .resideInAPackage(packagePattern("pipeline"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packagePattern("freestyle"))
                .allowEmptyShould(true)
                .check(PluginClasses.all());
    }

    @Test
    public void everyClassIsInAKnownPackage() {
        classes()
                .should()
                .resideInAnyPackage(
                        PACKAGES.stream().map(ArchitectureTest::packagePattern).toArray(String[]::new))
                .check(PluginClasses.all());
    }

    /**
     * Many types are public only because another package of the plugin needs them. Jenkins' annotation keeps other
     * plugins from using them. The packages that do not depend on Jenkins do without it.
     */
    @Test
    public void typesThatOtherPluginsMustNotUseAreRestricted() {
        classes()
                .that()
                .resideOutsideOfPackages(FREE_OF_JENKINS)
                .and()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .and(describe(
                        "have no descriptor", type -> !PluginClasses.all().contain(type.getName() + "$DescriptorImpl")))
                .and(describe(
                        "are not API",
                        type -> Stream.of(API)
                                .noneMatch(name -> type.getName().equals(PluginClasses.PACKAGE + '.' + name))))
                .should()
                .beAnnotatedWith("org.kohsuke.accmod.Restricted")
                .check(PluginClasses.all());
    }

    @Test
    public void webMethodsRequirePost() {
        methods()
                .that()
                .haveNameMatching("do[A-Z].*")
                .should()
                .beAnnotatedWith("org.kohsuke.stapler.verb.POST")
                .check(PluginClasses.all());
    }

    /** A String would arrive decrypted if it is a secret in Jenkins' encryption. */
    @Test
    public void webMethodsReadRawParameters() {
        methods()
                .that()
                .haveNameMatching("do[A-Z].*")
                .should(new ArchCondition<>("take nothing from the request but " + RawParameter.class.getSimpleName()) {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        for (JavaParameter parameter : method.getParameters()) {
                            boolean fromRequest = parameter.isAnnotatedWith("org.kohsuke.stapler.QueryParameter");
                            boolean injected = parameter.isAnnotatedWith("org.kohsuke.stapler.AncestorInPath");
                            boolean raw = parameter.getRawType().isEquivalentTo(RawParameter.class);
                            boolean allRaw = parameter.getRawType().isEquivalentTo(RawParameters.class);
                            String text = method.getFullName() + " takes a "
                                    + parameter.getRawType().getSimpleName();
                            events.add(new SimpleConditionEvent(method, fromRequest ? raw : injected || allRaw, text));
                        }
                    }
                })
                .check(PluginClasses.all());
    }

    @Test
    public void nothingWeakensTls() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("javax\\.net\\.ssl\\.(.*TrustManager.*|HostnameVerifier|HttpsURLConnection)")
                .check(PluginClasses.all());
    }

    /** What is never parsed has no entities, no DTD and no bombs. */
    @Test
    public void nothingParsesXml() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "javax.xml..",
                        "org.xml..",
                        "org.w3c..",
                        "org.dom4j..",
                        "com.thoughtworks..",
                        "jenkins.util.xml..")
                .check(PluginClasses.all());
    }

    /** Nothing of the plugin runs on an agent, nor is anything of it sent to one. */
    @Test
    public void nothingRunsOnAgents() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "hudson\\.remoting\\..*|hudson\\.FilePath|jenkins\\..*(MasterToSlave|SlaveToMaster).*")
                .check(PluginClasses.all());
    }

    /** All of Jenkins shares ten threads there. */
    @Test
    public void nothingUsesTheJenkinsTimer() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("jenkins\\.util\\.Timer|java\\.util\\.Timer(Task)?")
                .check(PluginClasses.all());
    }

    /** The plugin has no URL for which Jenkins skips the permission check, and no exemption from crumb checks. */
    @Test
    public void nothingIsReachableWithoutLogin() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("hudson\\.model\\.UnprotectedRootAction|hudson\\.security\\.csrf\\..*")
                .check(PluginClasses.all());
    }

    /**
     * Jenkins passes requests to a root action only if the user can read Jenkins. The only root action changes nothing.
     */
    @Test
    public void theOnlyRootActionHasNoWebMethods() {
        List<JavaClass> rootActions = PluginClasses.all().stream()
                .filter(type -> type.isAssignableTo("hudson.model.RootAction"))
                .toList();
        assertEquals(
                List.of("AmsWaitsAction"),
                rootActions.stream().map(JavaClass::getSimpleName).toList());
        assertEquals(
                List.of(),
                rootActions.get(0).getMethods().stream()
                        .filter(method -> method.getName().matches("do[A-Z].*"))
                        .toList());
    }

    /** WebMethodsJenkinsTest tests the descriptors' web methods, and WaitsRolesJenkinsTest tests the only other one. */
    @Test
    public void pagesHaveOneWebMethod() {
        assertEquals(
                List.of("AmsJobsAction.doCancel"),
                PluginClasses.all().stream()
                        .filter(type -> !type.isInterface())
                        .filter(type -> !type.getSimpleName().matches(".*Descriptor(Impl)?|AmsGlobalConfiguration"))
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.getName().matches("do[A-Z].*"))
                        .map(method -> method.getOwner().getSimpleName() + '.' + method.getName())
                        .toList());
    }

    /** The plugin only sends requests. */
    @Test
    public void nothingListensOnAPort() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*ServerSocket(Channel|Factory)?|java\\.net\\.(Datagram|Multicast)Socket"
                        + "|java\\.nio\\.channels\\.(Asynchronous.*|Datagram)Channel|com\\.sun\\.net\\.httpserver\\..*")
                .check(PluginClasses.all());
    }

    private static String packagePattern(String name) {
        return PluginClasses.PACKAGE + "." + name + "..";
    }
}
