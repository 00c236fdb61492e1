/** The embedded broker and registry and the three services, started and stopped as one. */
@NullMarked
package io.inkstream.cli.stack;

import org.jspecify.annotations.NullMarked;
