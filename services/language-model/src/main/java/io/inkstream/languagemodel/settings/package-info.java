/** What a corpus is trained with: network, sampling and optimizer, checked when they are made. */
@NullMarked
package io.inkstream.languagemodel.settings;

import org.jspecify.annotations.NullMarked;
