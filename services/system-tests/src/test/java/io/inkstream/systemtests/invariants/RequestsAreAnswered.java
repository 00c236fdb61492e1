package io.inkstream.systemtests.invariants;

import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import io.inkstream.schemas.PrefixRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every request has at least one reply; each reply comes from a committed checkpoint; and whoever asks the
 * same of the same checkpoint, by the same request or by another, gets the same text.
 */
final class RequestsAreAnswered {

    static final String UNANSWERED = "requests unanswered";
    static final String CONTRADICTED = "answers that contradict another";
    static final String UNTRACEABLE = "answers by a checkpoint that was not committed";
    static final String TOO_EARLY = "requests answered with 'no checkpoint yet'";
    static final String FAILED = "requests that failed";

    private RequestsAreAnswered() {}

    static void check(Evidence evidence, Map<String, PrefixRequest> requests, Findings findings) {
        findings.count("requests", requests.size());
        findings.count("requests answered more than once", 0);
        findings.count(UNANSWERED, 0);
        findings.count(CONTRADICTED, 0);
        findings.count(UNTRACEABLE, 0);
        findings.count(TOO_EARLY, 0);
        findings.count(FAILED, 0);
        Map<List<Object>, String> texts = new HashMap<>();
        Map<String, Set<String>> committed = committed(evidence);
        requests.forEach((id, request) -> {
            List<Evidence.Read<Completion>> answers = evidence.completions().getOrDefault(id, List.of());
            if (answers.isEmpty()) {
                findings.fault(UNANSWERED, 1, "%s to %s", id, request.getCorpus());
            } else if (answers.size() > 1) {
                findings.count("requests answered more than once", 1);
            }
            answers.forEach(answer -> check(id, request, answer.value(), texts, committed, findings));
        });
    }

    private static void check(
            String id,
            PrefixRequest request,
            Completion answer,
            Map<List<Object>, String> texts,
            Map<String, Set<String>> committed,
            Findings findings) {
        if (answer.getFinish() == FinishReason.ERROR) {
            // A generator may see a corpus's first model slightly later than the client.
            if (answer.getError().contains("has no checkpoint yet")) {
                findings.count(TOO_EARLY, 1);
            } else {
                findings.fault(FAILED, 1, "%s: %s", id, answer.getError());
            }
            return;
        }
        String checkpoint = answer.getCheckpoint().getSha256();
        if (!committed.getOrDefault(request.getCorpus(), Set.of()).contains(checkpoint)) {
            findings.fault(UNTRACEABLE, 1, "%s names %s", id, checkpoint);
        }
        String other = texts.putIfAbsent(List.of(request, checkpoint), answer.getText());
        if (other != null && !other.equals(answer.getText())) {
            findings.fault(CONTRADICTED, 1, "%s by %s: '%s' and '%s'", id, checkpoint, answer.getText(), other);
        }
    }

    private static Map<String, Set<String>> committed(Evidence evidence) {
        Map<String, Set<String>> hashes = new HashMap<>();
        evidence.manifests()
                .forEach((corpus, manifests) ->
                        manifests.forEach(manifest -> hashes.computeIfAbsent(corpus, name -> new HashSet<>())
                                .add(manifest.value().getSha256())));
        return hashes;
    }
}
