package io.inkstream.systemtests.stacks;

import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, where there is one. */
public final class DockerEngine {

    private DockerEngine() {}

    /** Skips the test, and says why, where no engine answers. */
    public static void require() {
        Assumptions.assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "No Docker engine answers: start one, or set DOCKER_HOST to its address.");
    }
}
