package io.inkstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.systemtests.stacks.DockerEngine;
import io.inkstream.systemtests.workload.CorpusText;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One corpus is in training while things happen to the containers, one after the other. After each of them, text that was
 * sent meanwhile is trained on and a request is answered; in the end nothing is lost or doubled, and the weights are those of
 * a run that nothing happened to.
 */
@OnComposeStack
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DisturbedContainersTest {

    private static ComposeProject project;
    private static LearnedTexts texts;
    private static CorpusText corpus;

    @BeforeAll
    static void stack(ComposeProject sharedProject, LearnedTexts sharedTexts) {
        project = sharedProject;
        texts = sharedTexts;
        project.up();
        corpus = texts.begin("disturbed");
    }

    static List<String> services() {
        return ComposeProject.SERVICES;
    }

    @BeforeEach
    void givenACorpusInTraining() {
        texts.resume(corpus);
        texts.append(corpus);
        texts.awaitTraining(corpus);
    }

    @AfterEach
    void thenWhatWasSentMeanwhileIsTrainedOnAndAnswered() {
        System.out.printf(
                "trained on again after %.1f s, answered after %.1f s%n",
                texts.awaitCovered(corpus).toMillis() / 1000.0,
                texts.awaitAnswers().toMillis() / 1000.0);
        texts.rest(corpus);
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("services")
    void continuesAfterAKillOf(String service) {
        // When
        String unused = project.run("kill", "--signal", "KILL", service);
        texts.append(corpus);
        texts.ask(corpus);
        project.up();

        // Then
        assertThat(project.inspect(service).at("/State/Health/Status").asText()).isEqualTo("healthy");
    }

    @Order(2)
    @Test
    void continuesAfterDownAndUp() {
        // When
        String unused = project.run("down");
        assertThat(project.run("ps", "--all", "--quiet")).isEmpty();
        texts.append(corpus);
        texts.ask(corpus);
        project.up();

        // Then
        assertThat(project.containers("trainer")).hasSize(1);
    }

    @Order(3)
    @Test
    void aServiceThatEndsIsStartedAgain() {
        // When its process ends, and nobody runs a command
        String trainer = project.containers("trainer").get(0);
        String unused = project.run("exec", "-T", "trainer", "bash", "-c", "kill 1");
        texts.append(corpus);
        texts.ask(corpus);

        // Then
        await().atMost(Duration.ofMinutes(1))
                .until(() -> DockerEngine.inspect(trainer).path("RestartCount").asInt() == 1);
    }

    @Order(4)
    @Test
    void nothingWasLostOrDoubledAndTheWeightsAreTheSame() {
        texts.awaitLearned(corpus);
        System.out.print(texts.check(corpus).table());
    }
}
