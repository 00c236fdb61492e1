package io.inkstream.generator.answers;

import io.inkstream.generator.requests.Envelope;
import io.inkstream.generator.requests.Ticket;
import io.inkstream.schemas.Completion;

/**
 * An answer to be written.
 *
 * @param envelope of the request
 * @param completion what it says, in full
 * @param ticket moves on when the answer is in the log
 * @param hasDeadLetter whether the request is a dead letter already
 */
record Answer(Envelope envelope, Completion completion, Ticket ticket, boolean hasDeadLetter) {}
