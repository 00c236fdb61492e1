/** Checkpoints and models as safetensors files. */
@NullMarked
package io.inkstream.languagemodel.checkpoint;

import org.jspecify.annotations.NullMarked;
