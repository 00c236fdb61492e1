package io.inkstream.platform.observability;

import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The response to a health check.
 *
 * @param status {@link #UP} if the check holds for every service, else {@link #DOWN}
 * @param services each service's state, by its name
 */
public record HealthReport(String status, Map<String, Health> services) {

    /** The check holds for every service. */
    public static final String UP = "UP";
    /** It fails for one. */
    public static final String DOWN = "DOWN";

    public HealthReport {
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    }

    /** Whether no service must be restarted. */
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
