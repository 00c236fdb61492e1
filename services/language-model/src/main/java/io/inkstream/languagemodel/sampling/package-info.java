/** How the minibatches of an epoch are cut from the tokens of a corpus. */
@NullMarked
package io.inkstream.languagemodel.sampling;

import org.jspecify.annotations.NullMarked;
