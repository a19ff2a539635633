/** Makes ids of durable documents. */
import { v7 } from 'uuid';

/**
 * A new id (UUIDv7, RFC 9562 §5.7). Ids of one process rise, also within a millisecond (§6.2): documents that are sorted by id
 * are in the order in which they were made.
 */
export const newId = (): string => v7();
