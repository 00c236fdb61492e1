/**
 * A schema registry in this process, with Confluent's REST API and Confluent's topic format: from the outside in, {@link
 * io.inkstream.embedded.registry.EmbeddedRegistry} (what others use), the HTTP layer, the registry's rules, its state
 * in memory, and the log on topic {@code _schemas} that the state is rebuilt from.
 */
package io.inkstream.embedded.registry;
