/** Checkpoints on their topics: written in transactions that only a partition's owner can commit, read whole, fallen back from. */
@NullMarked
package io.inkstream.corpuslog.checkpoints;

import org.jspecify.annotations.NullMarked;
