/**
 * AWS Secrets Manager: secrets, their versions and staging labels. Values are sealed before they reach the store and opened
 * only to answer the caller; nothing here writes one to a log line, an exception or an event.
 */
@NullMarked
package dev.groundplane.services.secretsmanager;

import org.jspecify.annotations.NullMarked;
