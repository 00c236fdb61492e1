/**
 * A schema registry in this process, with Confluent's REST API and Confluent's topic format: from the outside in, {@link
 * io.inkstream.embedded.registry.EmbeddedRegistry} (the entry point), the HTTP layer, the registry's rules, its state
 * in memory, and the log on topic {@code _schemas} that the state is rebuilt from.
 */
@NullMarked
package io.inkstream.embedded.registry;

import org.jspecify.annotations.NullMarked;
