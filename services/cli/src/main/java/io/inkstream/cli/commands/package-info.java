/** The commands, one class each, and what only they use. */
@NullMarked
package io.inkstream.cli.commands;

import org.jspecify.annotations.NullMarked;
