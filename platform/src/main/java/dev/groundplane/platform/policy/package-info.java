/**
 * The language of IAM policies: what a document says, and what follows from all that apply for one caller, action and
 * resource. Knows no service and keeps nothing. Source: AWS IAM User Guide, "IAM JSON policy reference" and "Policy
 * evaluation logic".
 */
@NullMarked
package dev.groundplane.platform.policy;

import org.jspecify.annotations.NullMarked;
