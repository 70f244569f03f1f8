#include "server/web/bridged_call.h"

#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "absl/time/clock.h"

namespace satudata::web {
namespace {

// A reader who is this far behind is not read for. More would only be memory.
constexpr size_t kHighWaterBytes = 256 << 10;

Metadata CopyOf(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  Metadata copy;
  for (const auto& [name, value] : metadata) {
    copy.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  return copy;
}

}  // namespace

std::shared_ptr<BridgedCall> BridgedCall::Start(grpc::GenericStub& stub, const std::string& method,
                                                absl::string_view message, const CallHeaders& headers) {
  auto call = std::make_shared<BridgedCall>(message);
  call->self_ = call;
  for (const auto& [name, value] : headers.metadata) call->context_.AddMetadata(name, value);
  if (headers.timeout) {
    call->context_.set_deadline(std::chrono::system_clock::now() +
                                absl::ToChronoNanoseconds(*headers.timeout));
  }
  stub.PrepareBidiStreamingCall(&call->context_, method, grpc::StubOptions(), call.get());
  // Reads are also started by the reader, outside of reactions.
  call->AddHold();
  call->StartWriteLast(&call->message_, grpc::WriteOptions());
  call->Read();
  call->StartCall();
  return call;
}

BridgedCall::BridgedCall(absl::string_view message)
    : slice_(message.data(), message.size()), message_(&slice_, 1) {}

bool BridgedCall::AwaitInitialMetadata(absl::Duration limit) {
  base::MutexLock lock(&mu_);
  if (!has_initial_metadata_) changed_.WaitFor(&mu_, absl::ToChronoMilliseconds(limit));
  return has_initial_metadata_;
}

Metadata BridgedCall::initial_metadata() {
  base::MutexLock lock(&mu_);
  return initial_metadata_;
}

BridgedCall::Progress BridgedCall::Take(absl::Duration limit, std::string* frames) {
  bool read = false;
  Progress progress = Progress::kUnderWay;
  {
    base::MutexLock lock(&mu_);
    if (frames_.empty() && !over_) changed_.WaitFor(&mu_, absl::ToChronoMilliseconds(limit));
    frames->append(frames_);
    frames_.clear();
    read = std::exchange(parked_, false);
    if (over_) progress = Progress::kOver;
  }
  if (read) Read();
  return progress;
}

void BridgedCall::Cancel() {
  context_.TryCancel();
  bool read = false;
  {
    base::MutexLock lock(&mu_);
    cancelled_ = true;
    read = std::exchange(parked_, false);
  }
  // It ends at once with nothing, and lets go of the hold, without which the call would never be done.
  if (read) Read();
}

void BridgedCall::OnReadInitialMetadataDone(bool ok) {
  base::MutexLock lock(&mu_);
  if (ok) initial_metadata_ = CopyOf(context_.GetServerInitialMetadata());
  has_initial_metadata_ = true;
  changed_.SignalAll();
}

void BridgedCall::OnReadDone(bool ok) {
  if (!ok) return RemoveHold();
  bool read = false;
  {
    base::MutexLock lock(&mu_);
    const bool was_empty = frames_.empty();
    // What was on its way when the call was cancelled is of no use, and nobody would come to un-park it.
    if (!cancelled_) AppendMessage();
    parked_ = !cancelled_ && frames_.size() >= kHighWaterBytes;
    read = !parked_;
    if (was_empty) changed_.SignalAll();
  }
  if (read) Read();
}

void BridgedCall::AppendMessage() {
  AppendFrameHeader(FrameKind::kMessage, incoming_.Length(), &frames_);
  std::vector<grpc::Slice> slices;
  // It fails only for compressed messages that cannot be read, which do not come from this process.
  if (!incoming_.Dump(&slices).ok()) return;
  for (const grpc::Slice& slice : slices) {
    frames_.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  incoming_.Clear();
}

void BridgedCall::OnDone(const grpc::Status& status) {
  const auto self = std::move(self_);
  base::MutexLock lock(&mu_);
  frames_.append(TrailersFrame(status, CopyOf(context_.GetServerTrailingMetadata())));
  has_initial_metadata_ = true;
  over_ = true;
  changed_.SignalAll();
}

}  // namespace satudata::web
