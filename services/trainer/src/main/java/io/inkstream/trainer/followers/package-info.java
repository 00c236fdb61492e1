/** Follows the specs, and the rollbacks, that trainings depend on. */
@NullMarked
package io.inkstream.trainer.followers;

import org.jspecify.annotations.NullMarked;
