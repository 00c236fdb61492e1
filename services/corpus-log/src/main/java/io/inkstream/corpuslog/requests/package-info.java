/** What clients and the generator agree on about requests for completions. */
@NullMarked
package io.inkstream.corpuslog.requests;

import org.jspecify.annotations.NullMarked;
