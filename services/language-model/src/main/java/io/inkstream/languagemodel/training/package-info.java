/** Training: epochs, evaluation and replay, on any engine. */
@NullMarked
package io.inkstream.languagemodel.training;

import org.jspecify.annotations.NullMarked;
