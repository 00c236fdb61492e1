package io.inkstream.generator;

import io.inkstream.generator.answers.AnswerWriter;
import io.inkstream.generator.answers.Completions;
import io.inkstream.generator.requests.InvalidRequestException;
import io.inkstream.generator.requests.PendingRequest;
import io.inkstream.generator.requests.RequestRecord;
import io.inkstream.generator.requests.UnreadableRequestException;
import io.inkstream.schemas.Completion;
import java.util.Optional;

/**
 * Counts answers and hands them to the writer.
 *
 * @param answers writes them
 * @param meters counts them
 */
record Responses(AnswerWriter answers, GeneratorMeters meters) {

    /** Records that the first token of a request was generated. */
    void begun(RequestRecord request) {
        meters.begun(request.milliseconds());
    }

    /** Answers a request. */
    void answer(RequestRecord request, PendingRequest pending, Completion completion) {
        meters.answered(completion);
        answers.write(request, completion, pending);
    }

    /** Answers a valid request that cannot be completed. */
    void reject(
            RequestRecord request,
            PendingRequest pending,
            Optional<String> corpus,
            String prefix,
            double temperature,
            String sentence) {
        answer(request, pending, Completions.error(corpus, prefix, temperature, sentence, request.milliseconds()));
    }

    /** Answers an invalid request. */
    void reject(RequestRecord request, PendingRequest pending, InvalidRequestException e) {
        reject(request, pending, e.corpus(), e.prefix(), e.temperature(), String.valueOf(e.getMessage()));
    }

    /** Answers a record that is not a request, after a dead letter: with the answer its offset is committed. */
    void reject(RequestRecord request, PendingRequest pending, UnreadableRequestException e) {
        Completion completion =
                Completions.error(Optional.empty(), "", 0, String.valueOf(e.getMessage()), request.milliseconds());
        meters.answered(completion);
        answers.writeAfterDeadLetter(request, e, completion, pending);
    }
}
