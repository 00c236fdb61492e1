/**
 * The serde: records of generated Avro classes in Confluent's wire format, with their schemas in a registry that speaks
 * Confluent's REST API.
 */
@NullMarked
package io.inkstream.platform.registry;

import org.jspecify.annotations.NullMarked;
