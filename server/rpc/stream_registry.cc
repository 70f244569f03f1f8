#include "server/rpc/stream_registry.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/rpc/status.h"

namespace satudata::rpc {

StreamRegistry::Admission StreamRegistry::Add(const std::shared_ptr<DrainableStream>& stream) {
  base::MutexLock lock(&mu_);
  if (stopping_) return Admission::kStopping;
  if (streams_.size() >= limit_) return Admission::kFull;
  streams_.emplace(stream.get(), stream);
  return Admission::kAdmitted;
}

void StreamRegistry::Remove(const DrainableStream* stream) {
  base::MutexLock lock(&mu_);
  streams_.erase(stream);
}

void StreamRegistry::Drain() {
  std::vector<std::shared_ptr<DrainableStream>> open;
  {
    base::MutexLock lock(&mu_);
    stopping_ = true;
    for (const auto& [address, stream] : streams_) {
      if (auto alive = stream.lock()) open.push_back(std::move(alive));
    }
  }
  for (const auto& stream : open) stream->Drain();
}

size_t StreamRegistry::size() const {
  base::MutexLock lock(&mu_);
  return streams_.size();
}

grpc::Status RefusedStream(StreamRegistry::Admission admission, size_t limit, catalog::Language language) {
  if (admission == StreamRegistry::Admission::kStopping) {
    return GrpcFailure(absl::StatusCode::kUnavailable, {.reason = catalog::Reason::kServerStopping},
                       language);
  }
  return GrpcFailure(absl::StatusCode::kResourceExhausted,
                     {.reason = catalog::Reason::kTooManyStreams, .args = {{"limit", absl::StrCat(limit)}}},
                     language);
}

}  // namespace satudata::rpc
