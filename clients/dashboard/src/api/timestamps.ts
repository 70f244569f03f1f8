import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';

/** Undefined for a time that is not set. */
export function toDate(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && timestampDate(timestamp);
}
