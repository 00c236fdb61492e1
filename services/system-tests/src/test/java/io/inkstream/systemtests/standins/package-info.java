/** What runs inside the containers that stand in for official images; see {@code stand-ins/README.md}. */
package io.inkstream.systemtests.standins;
