/** What clients and generators agree on, beside the schemas of requests and completions. */
@NullMarked
package io.inkstream.corpuslog.requests;

import org.jspecify.annotations.NullMarked;
