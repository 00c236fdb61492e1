/** Creates services from their settings, and runs all of them in one process. */
@NullMarked
package io.inkstream.launcher.services;

import org.jspecify.annotations.NullMarked;
