#include "server/rpc/run_start.h"

#include <memory>
#include <utility>

#include "server/base/trace.h"

namespace satudata::rpc {

RunWriter* FollowRun(const ServiceDependencies& dependencies, const Caller& caller, Strictness strictness,
                     RunStream::Opener opener) {
  return RunStream::Start(*dependencies.executor, *dependencies.run_streams,
                          {.language = caller.language,
                           .strictness = strictness,
                           .caller = caller.counted_as,
                           .note = caller.note},
                          std::move(opener));
}

RunWriter* FollowNewRun(const ServiceDependencies& dependencies, const Caller& caller, Strictness strictness,
                        sync::SyncRequest request) {
  request.requested_by = caller.principal.Name();
  request.traceparent = caller.traceparent.empty() ? base::NewTraceparent() : caller.traceparent;
  if (caller.note != nullptr) caller.note->SetTrace(request.traceparent);
  return FollowRun(dependencies, caller, strictness,
                   [engine = dependencies.engine,
                    request = std::move(request)]() -> absl::StatusOr<std::unique_ptr<sync::RunWatch>> {
                     const base::TraceScope trace(request.traceparent);
                     const absl::StatusOr<sync::Run> run = engine->StartRun(request);
                     if (!run.ok()) return run.status();
                     return engine->Watch(run->run_id, /*after_sequence=*/0);
                   });
}

}  // namespace satudata::rpc
