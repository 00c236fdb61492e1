/** From text to tokens and back: normalizers, tokenizers, reserved tokens and the vocabulary. */
@NullMarked
package io.inkstream.languagemodel.text;

import org.jspecify.annotations.NullMarked;
