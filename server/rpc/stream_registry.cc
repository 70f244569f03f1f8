#include "server/rpc/stream_registry.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/rpc/status.h"

namespace satudata::rpc {

StreamRegistry::Admission StreamRegistry::Add(const std::shared_ptr<DrainableStream>& stream,
                                              absl::string_view caller) {
  base::MutexLock lock(&mu_);
  if (stopping_) return Admission::kStopping;
  if (streams_.size() >= limits_.all) return Admission::kFull;
  const auto of_caller = by_caller_.find(caller);
  if (of_caller != by_caller_.end() && of_caller->second >= limits_.each) return Admission::kCallerFull;
  streams_.emplace(stream.get(), Entry{stream, std::string(caller)});
  ++by_caller_[caller];
  return Admission::kAdmitted;
}

void StreamRegistry::Remove(const DrainableStream* stream) {
  base::MutexLock lock(&mu_);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  const auto of_caller = by_caller_.find(found->second.caller);
  if (--of_caller->second == 0) by_caller_.erase(of_caller);
  streams_.erase(found);
}

void StreamRegistry::Drain() {
  std::vector<std::shared_ptr<DrainableStream>> open;
  {
    base::MutexLock lock(&mu_);
    stopping_ = true;
    for (const auto& [address, entry] : streams_) {
      if (auto alive = entry.stream.lock()) open.push_back(std::move(alive));
    }
  }
  for (const auto& stream : open) stream->Drain();
}

size_t StreamRegistry::size() const {
  base::MutexLock lock(&mu_);
  return streams_.size();
}

grpc::Status RefusedStream(StreamRegistry::Admission admission, const StreamRegistry::Limits& limits,
                           catalog::Language language) {
  if (admission == StreamRegistry::Admission::kStopping) {
    return GrpcFailure(absl::StatusCode::kUnavailable, {.reason = catalog::Reason::kServerStopping},
                       language);
  }
  const bool own = admission == StreamRegistry::Admission::kCallerFull;
  return GrpcFailure(absl::StatusCode::kResourceExhausted,
                     {.reason = own ? catalog::Reason::kTooManyOwnStreams : catalog::Reason::kTooManyStreams,
                      .args = {{"limit", absl::StrCat(own ? limits.each : limits.all)}}},
                     language);
}

}  // namespace satudata::rpc
