/** How a trainer runs. */
@NullMarked
package io.inkstream.trainer.settings;

import org.jspecify.annotations.NullMarked;
