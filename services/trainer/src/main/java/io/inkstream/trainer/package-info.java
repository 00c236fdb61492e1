/** The trainer: token blocks in, checkpoints out, exactly once. */
@NullMarked
package io.inkstream.trainer;

import org.jspecify.annotations.NullMarked;
