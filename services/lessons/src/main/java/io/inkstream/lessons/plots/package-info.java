/** Plots of perplexity. No other package knows the charting library. */
@NullMarked
package io.inkstream.lessons.plots;

import org.jspecify.annotations.NullMarked;
