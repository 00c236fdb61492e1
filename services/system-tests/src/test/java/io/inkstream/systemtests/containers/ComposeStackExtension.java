package io.inkstream.systemtests.containers;

import io.inkstream.systemtests.stacks.DockerEngine;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the stack for the first test that asks for it, and ends it after the last test of all. */
final class ComposeStackExtension implements BeforeAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace STACK = ExtensionContext.Namespace.create(ComposeProject.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        DockerEngine.requireCompose();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type.equals(ComposeProject.class) || type.equals(LearnedTexts.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = context.getRoot().getStore(STACK);
        ComposeProject project =
                store.getOrComputeIfAbsent(ComposeProject.class, type -> ComposeProject.start(), ComposeProject.class);
        return parameter.getParameter().getType().equals(ComposeProject.class)
                ? project
                : store.getOrComputeIfAbsent(
                        LearnedTexts.class, type -> new LearnedTexts(project.connection()), LearnedTexts.class);
    }
}
