/** Reads what the topics hold: internal to this module and the commands. */
@NullMarked
package io.inkstream.client.topics;

import org.jspecify.annotations.NullMarked;
