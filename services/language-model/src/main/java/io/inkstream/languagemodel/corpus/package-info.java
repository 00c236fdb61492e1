/** The tokens of a corpus in memory, as they become known. */
@NullMarked
package io.inkstream.languagemodel.corpus;

import org.jspecify.annotations.NullMarked;
