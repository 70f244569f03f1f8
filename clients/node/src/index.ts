// Calls the Satu Data integration service from Node.
export { connect, type RunCalls, type SatuDataClient, type UnaryCalls, type UploadCalls } from './client.js';
export { type Code, type FieldViolation, type Reason, SatuDataError } from './error.js';
export type { CallOptions, ConnectOptions, Deadlines, Language, Tls } from './options.js';
export { type Counts, countsOf, type DeliveryStateName, type RunResult } from './result.js';
export { RunStream } from './run_stream.js';
export type { Source } from './upload.js';

/** JSON of a message: `toJson(RunSchema, run)`. */
export { toJson } from '@bufbuild/protobuf';
/** A time of a message as a Date. */
export { timestampDate } from '@bufbuild/protobuf/wkt';

// The messages, their schemas, and the enumerations.
export * from './gen/satudata/integration/v1/account_service_pb.js';
export * from './gen/satudata/integration/v1/catalog_service_pb.js';
export * from './gen/satudata/integration/v1/integration_service_pb.js';
export * from './gen/satudata/integration/v1/resources_pb.js';
export * from './gen/satudata/integration/v1/target_service_pb.js';
