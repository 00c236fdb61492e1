/** The shape of a recurrent network and the initial values of its parameters. */
@NullMarked
package io.inkstream.languagemodel.network;

import org.jspecify.annotations.NullMarked;
