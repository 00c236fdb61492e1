/** Who a client is to Kafka and the registry, what it may do there, and what to say when either is denied. */
@NullMarked
package io.inkstream.platform.access;

import org.jspecify.annotations.NullMarked;
