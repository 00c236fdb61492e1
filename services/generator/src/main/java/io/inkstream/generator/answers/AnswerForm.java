package io.inkstream.generator.answers;

import io.inkstream.schemas.Completion;
import java.util.Optional;

/**
 * How complete an answer is: an answer whose record would be too large for its topic takes a shorter form, in this order.
 * Every form has the whole key and correlation header, without which the client would not recognize it.
 */
enum AnswerForm {
    /** The complete answer. */
    WHOLE {
        @Override
        Completion of(Completion whole, Destination destination) {
            return whole;
        }

        @Override
        Optional<AnswerForm> shorter() {
            return Optional.of(WITHOUT_PREFIX);
        }
    },
    /** An error, without the prefix. */
    WITHOUT_PREFIX {
        @Override
        Completion of(Completion whole, Destination destination) {
            String sentence = whole.getError() != null
                    ? whole.getError()
                    : "The answer is larger than a record of topic %s may be (%d bytes): request fewer tokens, or send a shorter prefix."
                            .formatted(destination.topic(), destination.maxBytes());
            return error(whole, Optional.ofNullable(whole.getCorpus()), sentence);
        }

        @Override
        Optional<AnswerForm> shorter() {
            return Optional.of(SHORTEST);
        }
    },
    /** Only that the answer is too large. */
    SHORTEST {
        @Override
        Completion of(Completion whole, Destination destination) {
            return error(whole, Optional.empty(), "The answer is too large for its topic.");
        }

        @Override
        Optional<AnswerForm> shorter() {
            return Optional.empty();
        }
    };

    /** The answer in this form. */
    abstract Completion of(Completion whole, Destination destination);

    /** The next shorter form; empty for the shortest. */
    abstract Optional<AnswerForm> shorter();

    private static Completion error(Completion whole, Optional<String> corpus, String sentence) {
        return Completions.error(corpus, "", whole.getTemperature(), sentence, whole.getMilliseconds());
    }
}
