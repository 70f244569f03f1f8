// File: stream_registry.h
//
// The streams that are open: how many there may be, and how they all end when the server stops. Thread-safe.
#ifndef SERVER_RPC_STREAM_REGISTRY_H_
#define SERVER_RPC_STREAM_REGISTRY_H_

#include <grpcpp/support/status.h>

#include <cstddef>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
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
  explicit StreamRegistry(size_t limit) : limit_(limit) {}

  enum class Admission { kAdmitted, kFull, kStopping };
  // `stream` is known under its address until Remove, and is not kept alive.
  Admission Add(const std::shared_ptr<DrainableStream>& stream);
  void Remove(const DrainableStream* stream);

  // Drains every stream; from now on Add answers kStopping.
  void Drain();

  size_t limit() const { return limit_; }
  size_t size() const;

 private:
  const size_t limit_;
  mutable base::Mutex mu_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  absl::flat_hash_map<const DrainableStream*, std::weak_ptr<DrainableStream>> streams_ ABSL_GUARDED_BY(mu_);
};

// How a call ends that was not admitted.
grpc::Status RefusedStream(StreamRegistry::Admission admission, size_t limit, catalog::Language language);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_STREAM_REGISTRY_H_
