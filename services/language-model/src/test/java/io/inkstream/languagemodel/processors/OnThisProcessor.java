package io.inkstream.languagemodel.processors;

import java.util.Optional;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips the tests of a {@link ProcessorKind} whose kernels this machine cannot run: they would end the process. */
public final class OnThisProcessor implements ExecutionCondition, SkipExecutionHook {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return reasonToSkip()
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("This processor can run it"));
    }

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        return reasonToSkip().map(SkipResult::skip).orElseGet(SkipResult::doNotSkip);
    }

    private static Optional<String> reasonToSkip() {
        return ProcessorKind.requested()
                .filter(kind -> !kind.runsHere())
                .map("This processor cannot run the kernels for %s"::formatted);
    }
}
