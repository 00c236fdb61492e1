package io.inkstream.systemtests.invariants;

import io.inkstream.schemas.TokenBlock;
import io.inkstream.systemtests.workload.CorpusText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Each corpus has the tokens of what was produced, each once and in order, and a vocabulary in order of appearance. */
final class TokensAreTheText {

    static final String PRODUCED = "tokens produced";
    static final String LOST = "tokens lost";
    static final String DOUBLED = "tokens doubled";
    static final String WRONG = "tokens wrong";
    static final String VOCABULARY = "vocabulary entries wrong";

    private TokensAreTheText() {}

    static void check(Evidence evidence, CorpusText text, Findings findings) {
        findings.count("corpora", 1);
        findings.count("text records produced", text.pieces());
        findings.count(PRODUCED, text.size());
        findings.count(LOST, 0);
        findings.count(DOUBLED, 0);
        findings.count(WRONG, 0);
        findings.count(VOCABULARY, 0);
        List<Integer> expected = text.ids();
        List<String> entries = new ArrayList<>();
        long next = 0;
        for (Evidence.Read<TokenBlock> block : evidence.blocks().getOrDefault(text.corpus(), List.of())) {
            TokenBlock value = block.value();
            String where = "%s, partition %d, offset %d".formatted(text.corpus(), block.partition(), block.offset());
            long first = value.getFirstPosition();
            if (first > next) {
                findings.fault(LOST, first - next, "%s begins at %d instead of %d", where, first, next);
            } else if (first < next) {
                findings.fault(DOUBLED, next - first, "%s begins at %d instead of %d", where, first, next);
            }
            if (value.getFirstNewId() != entries.size() + 1) {
                findings.fault(
                        VOCABULARY,
                        1,
                        "%s: new ids from %d instead of %d",
                        where,
                        value.getFirstNewId(),
                        entries.size() + 1);
            }
            entries.addAll(value.getNewEntries());
            compare(value, expected, where, findings);
            next = first + value.getTokens().size();
        }
        if (next < expected.size()) {
            findings.fault(LOST, expected.size() - next, "%s ends at %d of %d", text.corpus(), next, expected.size());
        } else if (next > expected.size()) {
            findings.fault(
                    DOUBLED, next - expected.size(), "%s ends at %d after %d", text.corpus(), next, expected.size());
        }
        if (!entries.equals(text.entries()) || new HashSet<>(entries).size() != entries.size()) {
            findings.fault(VOCABULARY, 1, "%s has %s instead of %s", text.corpus(), entries, text.entries());
        }
    }

    private static void compare(TokenBlock block, List<Integer> expected, String where, Findings findings) {
        long wrong = 0;
        for (int i = 0; i < block.getTokens().size(); i++) {
            long position = block.getFirstPosition() + i;
            if (position < expected.size()
                    && !block.getTokens().get(i).equals(expected.get(Math.toIntExact(position)))) {
                wrong++;
            }
        }
        if (wrong > 0) {
            findings.fault(WRONG, wrong, "%s has %d tokens that the text has not there", where, wrong);
        }
    }
}
