/** Options that the services take, and those with which any command reaches Kafka. */
@NullMarked
package io.inkstream.launcher.options;

import org.jspecify.annotations.NullMarked;
