/** Trains the corpora of the assigned partitions on one thread, and commits their checkpoints. */
@NullMarked
package io.inkstream.trainer.training;

import org.jspecify.annotations.NullMarked;
