/** Engines: what a network is trained and evaluated with. An engine is a package of its own. */
@NullMarked
package io.inkstream.languagemodel.engine;

import org.jspecify.annotations.NullMarked;
