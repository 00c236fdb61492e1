/** Options that several commands share, and what is chosen with them. */
@NullMarked
package io.inkstream.cli.options;

import org.jspecify.annotations.NullMarked;
