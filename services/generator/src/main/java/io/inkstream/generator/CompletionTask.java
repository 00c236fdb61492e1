package io.inkstream.generator;

import io.inkstream.generator.answers.Completions;
import io.inkstream.generator.generation.GenerationTask;
import io.inkstream.generator.models.LoadedModel;
import io.inkstream.generator.requests.PendingRequest;
import io.inkstream.generator.requests.RequestRecord;
import io.inkstream.languagemodel.decoding.Generation;
import java.util.Optional;

/**
 * A request in the generation loop, which is answered when it ends.
 *
 * @param request its record
 * @param pending completed when the answer is written
 * @param model that completes it
 * @param generation its progress
 * @param client for fair scheduling
 * @param responses receive the answer
 */
record CompletionTask(
        RequestRecord request,
        PendingRequest pending,
        LoadedModel model,
        Generation generation,
        String client,
        Responses responses)
        implements GenerationTask {

    @Override
    public boolean isPending() {
        return pending.isPending();
    }

    @Override
    public void begun() {
        responses.begun(request);
    }

    @Override
    public void ended() {
        responses.answer(request, pending, Completions.of(model, generation, request.milliseconds()));
    }

    @Override
    public void failed(RuntimeException failure) {
        responses.reject(
                request,
                pending,
                Optional.of(model.corpus()),
                generation.prefix(),
                generation.options().temperature(),
                "The prefix could not be completed: %s.".formatted(failure));
    }
}
