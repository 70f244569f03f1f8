#include "clients/cpp/client_core.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>

#include "absl/strings/str_cat.h"
#include "clients/cpp/checked_token.h"
#include "server/base/backoff.h"

namespace satudata::integration {
namespace {

constexpr base::BackoffOptions kPauses = {
    .initial = absl::Milliseconds(200), .maximum = absl::Seconds(5), .factor = 2};

bool Wait(absl::Duration duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, absl::ToChronoNanoseconds(duration), [] { return false; });
  return !stop.stop_requested();
}

absl::Status Stopped() { return absl::CancelledError("the call was given up"); }

absl::Duration LimitOf(CallKind kind, const Deadlines& deadlines) {
  return kind == CallKind::kRead ? deadlines.read : deadlines.write;
}

// Whoever calls too often was refused before anything was done, so that anything may be repeated.
bool MayRepeat(CallKind kind, const grpc::Status& status, const ErrorDetails& details) {
  return IsTooFast(details) || (kind != CallKind::kWrite && IsServerAway(status, details));
}

}  // namespace

const Surroundings& RealSurroundings() {
  static const auto* const kReal =
      new Surroundings{new base::SystemClock(), base::SeededUniform(std::random_device()()), Wait};
  return *kReal;
}

ClientCore::ClientCore(ClientOptions options, const std::shared_ptr<grpc::Channel>& channel,
                       Surroundings surroundings)
    : options_(std::move(options)),
      surroundings_(std::move(surroundings)),
      integration_(v1::IntegrationService::NewStub(channel)),
      catalog_(v1::CatalogService::NewStub(channel)),
      targets_(v1::TargetService::NewStub(channel)),
      accounts_(v1::AccountService::NewStub(channel)) {}

absl::Status ClientCore::Prepare(const CallOptions& options, grpc::ClientContext& context) const {
  if (!options.token.empty() || options_.token != nullptr) {
    absl::StatusOr<std::string> token = options.token.empty() ? options_.token() : options.token;
    if (token.ok()) token = CheckedToken(*std::move(token), "the client's token");
    if (!token.ok()) return token.status();
    context.AddMetadata("authorization", absl::StrCat("Bearer ", *token));
  }
  const Language language = options.language.value_or(options_.language);
  context.AddMetadata("accept-language", language == Language::kEnglish ? "en" : "id");
  return absl::OkStatus();
}

absl::Status ClientCore::Repeat(CallKind kind, const CallOptions& options, const Call& call) const {
  base::Clock& clock = *surroundings_.clock;
  const absl::Duration end = clock.Monotonic() + options.deadline.value_or(LimitOf(kind, options_.deadlines));
  for (int failures = 1;; ++failures) {
    if (options.stop.stop_requested()) return Stopped();
    const StoppableContext context(options.stop);
    if (absl::Status status = Prepare(options, *context.get()); !status.ok()) return status;
    context->set_deadline(std::chrono::system_clock::now() +
                          absl::ToChronoMicroseconds(end - clock.Monotonic()));
    const grpc::Status status = call(*context.get());
    if (status.ok()) return absl::OkStatus();
    if (options.stop.stop_requested()) return Stopped();
    const ErrorDetails details = ReadDetails(status);
    const absl::Duration pause = std::max(base::JitteredBackoff(kPauses, failures, surroundings_.uniform),
                                          details.retry_after.value_or(absl::ZeroDuration()));
    if (!MayRepeat(kind, status, details) || clock.Monotonic() + pause >= end) return ToStatus(status);
    if (!surroundings_.wait(pause, options.stop)) return Stopped();
  }
}

}  // namespace satudata::integration
