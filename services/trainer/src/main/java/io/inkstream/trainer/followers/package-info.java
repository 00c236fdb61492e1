/** The specs that trainings follow. */
@NullMarked
package io.inkstream.trainer.followers;

import org.jspecify.annotations.NullMarked;
