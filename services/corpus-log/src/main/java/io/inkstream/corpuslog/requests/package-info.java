/** What clients and services agree on about the headers of records. */
@NullMarked
package io.inkstream.corpuslog.requests;

import org.jspecify.annotations.NullMarked;
