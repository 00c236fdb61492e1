package io.inkstream.platform.observability;

import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The answer to a question about health.
 *
 * @param status {@link #UP} if it is so for every service, else {@link #DOWN}
 * @param services each service's state, by its name
 */
public record HealthReport(String status, Map<String, Health> services) {

    /** Every service is live, or ready. */
    public static final String UP = "UP";
    /** One is not. */
    public static final String DOWN = "DOWN";

    public HealthReport {
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    }

    /** Whether no service must be started anew. */
    static HealthReport liveness(Collection<? extends Service> services) {
        return of(services, Health::live);
    }

    /** Whether every service does its work. */
    static HealthReport readiness(Collection<? extends Service> services) {
        return of(services, health -> health.live() && health.ready());
    }

    private static HealthReport of(Collection<? extends Service> services, Predicate<Health> wanted) {
        Map<String, Health> states = new LinkedHashMap<>();
        services.forEach(service -> states.put(service.name(), service.health()));
        return new HealthReport(states.values().stream().allMatch(wanted) ? UP : DOWN, states);
    }
}
