/** Training of a network by truncated backpropagation through time, on PyTorch. */
@NullMarked
package io.inkstream.languagemodel.training;

import org.jspecify.annotations.NullMarked;
