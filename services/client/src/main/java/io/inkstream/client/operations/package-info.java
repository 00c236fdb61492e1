/** Operators' actions: publish an imported model, roll back to an older checkpoint, verify a checkpoint by repeating its training. */
@NullMarked
package io.inkstream.client.operations;

import org.jspecify.annotations.NullMarked;
