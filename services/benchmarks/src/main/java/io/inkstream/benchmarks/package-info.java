/** Measurements of training, ingest and online learning. */
@NullMarked
package io.inkstream.benchmarks;

import org.jspecify.annotations.NullMarked;
