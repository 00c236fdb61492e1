package io.inkstream.generator.answers;

import io.inkstream.schemas.Completion;
import java.util.Optional;

/**
 * How much an answer says: an answer whose record would be too large for its topic takes a shorter form, in this order.
 * In every form it has the key and the correlation header whole, as the client would not recognize it otherwise.
 */
enum AnswerForm {
    /** All there is to say. */
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
                    : "The answer is larger than a record of topic %s may be (%d bytes): ask for fewer tokens, or with a shorter prefix."
                            .formatted(destination.topic(), destination.largest());
            return error(whole, whole.getCorpus(), sentence);
        }

        @Override
        Optional<AnswerForm> shorter() {
            return Optional.of(SHORTEST);
        }
    },
    /** That there would be more to say. */
    SHORTEST {
        @Override
        Completion of(Completion whole, Destination destination) {
            return error(whole, null, "The answer is too large for its topic.");
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

    private static Completion error(Completion whole, String corpus, String sentence) {
        return Completions.error(corpus, "", whole.getTemperature(), sentence, whole.getMilliseconds());
    }
}
