/** Fixtures for tests on a broker: the cluster, topics, publishers, damage and logs. As test code, not checked for null. */
package io.inkstream.testsupport;
