package io.inkstream.platform.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/** The meters of a process, the JVM's among them, in the form that Prometheus reads. */
public final class ServiceMetrics implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    /**
     * Makes a registry with the JVM's meters.
     *
     * @param service what every meter is tagged with as {@code service}, for instance {@code trainer}
     */
    public ServiceMetrics(String service) {
        registry.config().commonTags("service", service);
        List<MeterBinder> binders = List.of(
                garbageCollection,
                new JvmMemoryMetrics(),
                new JvmThreadMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new UptimeMetrics());
        binders.forEach(binder -> binder.bindTo(registry));
    }

    /** Where services register their meters. */
    public MeterRegistry registry() {
        return registry;
    }

    /** All meters at this moment, in one of Prometheus's text formats. */
    public String scrape(MetricsFormat format) {
        return registry.scrape(format.contentType());
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
