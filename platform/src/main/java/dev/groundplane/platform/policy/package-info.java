/**
 * The language of IAM policies, as far as it is implemented: what a document says, and what follows from it for one
 * caller and one action. Knows no service and keeps nothing. Source: AWS IAM User Guide, "IAM JSON policy reference".
 */
@NullMarked
package dev.groundplane.platform.policy;

import org.jspecify.annotations.NullMarked;
