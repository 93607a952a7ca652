/** What every service has beside the SDK's client interface. Knows no service by name. */
@NullMarked
package dev.groundplane.services;

import org.jspecify.annotations.NullMarked;
