// File: run_start.h
//
// What the methods that stream a run have in common: start it, or find it, and follow it. Thread-safe.
#ifndef SERVER_RPC_RUN_START_H_
#define SERVER_RPC_RUN_START_H_

#include "server/rpc/gate.h"
#include "server/rpc/run_stream.h"
#include "server/rpc/services.h"
#include "server/sync/run.h"

namespace satudata::rpc {

using RunWriter = grpc::ServerWriteReactor<v1::RunEvent>;

inline Strictness StrictnessOf(bool strict) { return strict ? Strictness::kStrict : Strictness::kLenient; }

// The reactor that tells `caller` of the run that `opener` watches.
RunWriter* FollowRun(const ServiceDependencies& dependencies, const Caller& caller, Strictness strictness,
                     RunStream::Opener opener);

// Starts a run for `caller`, or attaches to the one of this request_id, and follows it.
RunWriter* FollowNewRun(const ServiceDependencies& dependencies, const Caller& caller, Strictness strictness,
                        sync::SyncRequest request);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_RUN_START_H_
