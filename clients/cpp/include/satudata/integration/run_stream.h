// File: run_stream.h
//
// A run as events, each told once, however often the stream or the server breaks meanwhile: it goes on by
// itself after the last event. What changed several times meanwhile is told once, as it is.
//
//   const auto run = client->SyncAll({});
//   for (v1::RunEvent event; run->Next(&event);) { … }
//   if (!run->status().ok()) { … }
#ifndef CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_RUN_STREAM_H_
#define CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_RUN_STREAM_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "satudata/integration/v1/integration_service.pb.h"

namespace satudata::integration {

class RunReader;

// Whether a run in that state is over. What is still open of it may go on in the background.
bool IsFinal(v1::Run::State state);

// Used by one thread, but for Cancel, which may come from any. Must not outlive its client.
class RunStream {
 public:
  explicit RunStream(std::unique_ptr<RunReader> reader);
  // Ends the watching, never the run.
  ~RunStream();

  // Waits for the next event: first and last a snapshot, in between what changed and how far it is. False at
  // the end of the run, or of the watching: see status(). The call goes out with the first one.
  bool Next(v1::RunEvent* event);

  // OK when the run ended, whatever became of it (with `strict` only when it succeeded), and before any end.
  const absl::Status& status() const;

  // Waits until the server has taken the run on, and returns it. It goes on without anybody listening.
  absl::StatusOr<v1::Run> Started();
  // Waits for the end and returns what became of it.
  absl::StatusOr<v1::Run> Result();

  // Empty until the run has begun.
  const std::string& run_id() const;

  // Next returns false soon, with CANCELLED. Idempotent.
  void Cancel();

 private:
  const std::unique_ptr<RunReader> reader_;
};

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_RUN_STREAM_H_
