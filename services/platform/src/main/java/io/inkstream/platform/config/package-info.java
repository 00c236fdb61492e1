/** How to reach Kafka and the schema registry, and what the environment adds to it. */
@NullMarked
package io.inkstream.platform.config;

import org.jspecify.annotations.NullMarked;
