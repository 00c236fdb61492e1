/** The {@code inkstream} command line: a command per class, with the options that commands share as mixins. */
package io.inkstream.cli;
