/**
 * Amazon S3: buckets and objects, kept here. What is known of an object lies in the platform's database, its content in
 * files beside it, encrypted.
 *
 * <p>{@link dev.groundplane.services.s3.S3} is the way in. A bucket's and an object's rows are written in one transaction
 * ({@link dev.groundplane.services.s3.VersionTable}); files are written before and removed after it ({@link
 * dev.groundplane.services.s3.ContentFiles}), so that whatever a row names is there.
 *
 * <p>Not here: who may call (the front door decides, on what {@link dev.groundplane.services.s3.S3Access} tells), signatures
 * and the forms of chunks on the wire.
 */
@NullMarked
package dev.groundplane.services.s3;

import org.jspecify.annotations.NullMarked;
