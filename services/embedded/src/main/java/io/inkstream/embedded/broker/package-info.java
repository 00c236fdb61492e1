/** The broker: Kafka's own server, as one node on the loopback address. */
@NullMarked
package io.inkstream.embedded.broker;

import org.jspecify.annotations.NullMarked;
