package io.inkstream.systemtests.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's own authorizer, which records what it was asked. */
public final class RecordingAuthorizer extends StandardAuthorizer {

    private static final Set<Question> ASKED = ConcurrentHashMap.newKeySet();

    /**
     * What a client wanted to do.
     *
     * @param user without {@code User:}
     * @param required false where the client gets less without the permission, for instance a shorter list of topics
     */
    record Question(
            String user,
            AclOperation operation,
            ResourceType resource,
            String name,
            boolean allowed,
            boolean required) {}

    /** What was asked so far. */
    static Set<Question> asked() {
        return Set.copyOf(ASKED);
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        List<AuthorizationResult> results = new ArrayList<>(super.authorize(context, actions));
        for (int i = 0; i < actions.size(); i++) {
            Action action = actions.get(i);
            ASKED.add(new Question(
                    context.principal().getName(),
                    action.operation(),
                    action.resourcePattern().resourceType(),
                    action.resourcePattern().name(),
                    results.get(i) == AuthorizationResult.ALLOWED,
                    action.logIfDenied()));
        }
        return results;
    }
}
