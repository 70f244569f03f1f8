#include "server/main/retention.h"

#include <utility>

#include "server/base/executor.h"
#include "server/base/log.h"
#include "server/base/stop.h"
#include "server/catalog/content_sweep.h"

namespace satudata::main {
namespace {

void Tell(const absl::Status& status, absl::string_view what) {
  if (!status.ok()) base::Log(base::Severity::kWarning, what, {{"error", status.message()}});
}

}  // namespace

void ForgetOld(store::DurableStore& store, const catalog::ContentOptions& contents,
               const RetentionOptions& options, base::Clock& clock, const std::stop_token& stop) {
  const auto in_use = [&](absl::Span<const std::string> names) -> absl::StatusOr<std::vector<std::string>> {
    if (stop.stop_requested()) return absl::CancelledError("the server stops");
    return store.ContentInUse(names);
  };
  Tell(store.DeleteOldPreviews(clock.Now()), "old previews are not removed yet");
  Tell(catalog::SweepContent(contents, in_use, options.content_kept_for, clock.Now()).status(),
       "content that no file has is not removed yet");
}

Retention::Retention(store::DurableStore& store, catalog::ContentOptions contents, RetentionOptions options,
                     base::Clock& clock)
    : store_(store),
      contents_(std::move(contents)),
      options_(options),
      clock_(clock),
      stop_(base::NewStopSource()),
      thread_([this] { Work(); }) {}

Retention::~Retention() {
  {
    base::MutexLock lock(&mu_);
    stop_.request_stop();
    stopped_.SignalAll();
  }
  thread_.join();
}

void Retention::Work() {
  base::SetThreadName("retention");
  absl::Duration next = clock_.Monotonic();
  while (true) {
    {
      base::MutexLock lock(&mu_);
      while (!stop_.stop_requested() && clock_.Monotonic() < next) {
        stopped_.WaitFor(&mu_, absl::ToChronoMilliseconds(next - clock_.Monotonic()));
      }
      if (stop_.stop_requested()) return;
    }
    ForgetOld(store_, contents_, options_, clock_, stop_.get_token());
    next = clock_.Monotonic() + options_.interval;
  }
}

}  // namespace satudata::main
