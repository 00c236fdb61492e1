/** What commands print: tables, progress, reports, JSON. */
@NullMarked
package io.inkstream.cli.output;

import org.jspecify.annotations.NullMarked;
