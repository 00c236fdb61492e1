/** What every command line of Inkstream shares: defaults from the environment, one-sentence errors, exit codes, logging. */
@NullMarked
package io.inkstream.launcher.commandline;

import org.jspecify.annotations.NullMarked;
