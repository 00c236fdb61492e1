/** The PyTorch engine: networks on PyTorch's recurrent layers, through DJL. */
@NullMarked
package io.inkstream.languagemodel.pytorch;

import org.jspecify.annotations.NullMarked;
