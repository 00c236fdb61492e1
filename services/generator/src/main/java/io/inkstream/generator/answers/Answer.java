package io.inkstream.generator.answers;

import io.inkstream.generator.requests.PendingRequest;
import io.inkstream.generator.requests.RequestRecord;
import io.inkstream.schemas.Completion;

/**
 * An answer to be written.
 *
 * @param request that it answers
 * @param completion its content, in full
 * @param pending completed when the answer is written
 * @param hasDeadLetter whether the request is already a dead letter
 */
record Answer(RequestRecord request, Completion completion, PendingRequest pending, boolean hasDeadLetter) {}
