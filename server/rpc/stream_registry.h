// File: stream_registry.h
//
// The streams that are open: how many there may be, in all and of one caller, and how they all end when the
// server stops. Thread-safe.
#ifndef SERVER_RPC_STREAM_REGISTRY_H_
#define SERVER_RPC_STREAM_REGISTRY_H_

#include <grpcpp/support/status.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/base/mutex.h"
#include "server/catalog/messages.h"

namespace satudata::rpc {

// A stream that can be asked to end. Thread-safe.
class DrainableStream {
 public:
  virtual ~DrainableStream() = default;
  // Ends as soon as no write is in flight, with UNAVAILABLE kServerStopping. Idempotent, never blocks.
  virtual void Drain() = 0;
};

class StreamRegistry {
 public:
  struct Limits {
    size_t all;              // Streams at once ...
    size_t each = SIZE_MAX;  // ... and of one caller. Default: as many as there may be.
  };
  explicit StreamRegistry(Limits limits) : limits_(limits) {}

  enum class Admission { kAdmitted, kFull, kCallerFull, kStopping };
  // `stream` is known under its address until Remove, and is not kept alive. `caller`: whose it is.
  Admission Add(const std::shared_ptr<DrainableStream>& stream, absl::string_view caller);
  // Idempotent.
  void Remove(const DrainableStream* stream);

  // Drains every stream; from now on Add answers kStopping.
  void Drain();

  const Limits& limits() const { return limits_; }
  size_t size() const;

 private:
  struct Entry {
    std::weak_ptr<DrainableStream> stream;
    std::string caller;
  };

  const Limits limits_;
  mutable base::Mutex mu_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  absl::flat_hash_map<const DrainableStream*, Entry> streams_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<std::string, size_t> by_caller_ ABSL_GUARDED_BY(mu_);  // Those that have any.
};

// How a call ends that was not admitted.
grpc::Status RefusedStream(StreamRegistry::Admission admission, const StreamRegistry::Limits& limits,
                           catalog::Language language);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_STREAM_REGISTRY_H_
