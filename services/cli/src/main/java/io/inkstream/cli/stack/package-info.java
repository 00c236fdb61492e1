/** The embedded broker and registry and the three services, put together in one process. */
package io.inkstream.cli.stack;
