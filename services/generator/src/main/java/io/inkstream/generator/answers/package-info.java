/** From a completion to a record that the brokers have. */
@NullMarked
package io.inkstream.generator.answers;

import org.jspecify.annotations.NullMarked;
