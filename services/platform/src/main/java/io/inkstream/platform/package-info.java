/** What any Kafka service needs; knows nothing of corpora and models. */
@NullMarked
package io.inkstream.platform;

import org.jspecify.annotations.NullMarked;
