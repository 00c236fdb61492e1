/** The pipeline on brokers and a registry with TLS, passwords and access control lists. */
package io.inkstream.systemtests.security;
