/** Files that a user asks a command to write. */
package io.inkstream.client.files;
