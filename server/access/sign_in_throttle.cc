#include "server/access/sign_in_throttle.h"

#include <algorithm>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "server/catalog/failure.h"

namespace satudata::access {
namespace {

absl::Status TooManyAttempts(absl::Duration wait) {
  const int64_t seconds = absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1)));
  return catalog::FailureStatus(
      absl::StatusCode::kResourceExhausted,
      {.reason = catalog::Reason::kTooManyAttempts, .args = {{"seconds", absl::StrCat(seconds)}}});
}

}  // namespace

SignInThrottle::SignInThrottle(base::Clock& clock, FailureLimits names, FailureLimits sources)
    : clock_(clock), names_(names), sources_(sources) {}

absl::StatusOr<std::unique_ptr<SignInThrottle::Attempt>> SignInThrottle::Begin(std::string username,
                                                                               std::string source) {
  const absl::Duration now = clock_.Monotonic();
  base::MutexLock lock(&mu_);
  const absl::Duration wait = std::max(names_.WaitOf(username, now), sources_.WaitOf(source, now));
  if (wait > absl::ZeroDuration()) return TooManyAttempts(wait);
  names_.Count(username, now);
  sources_.Count(source, now);
  return absl::WrapUnique(new Attempt(*this, std::move(username), std::move(source)));
}

SignInThrottle::Attempt::Attempt(SignInThrottle& throttle, std::string username, std::string source)
    : throttle_(throttle), username_(std::move(username)), source_(std::move(source)) {}

SignInThrottle::Attempt::~Attempt() {
  if (decided_) return;
  base::MutexLock lock(&throttle_.mu_);
  throttle_.names_.Uncount(username_);
  throttle_.sources_.Uncount(source_);
}

void SignInThrottle::Attempt::Succeeded() {
  decided_ = true;
  base::MutexLock lock(&throttle_.mu_);
  throttle_.names_.Forget(username_);
  throttle_.sources_.Uncount(source_);
}

}  // namespace satudata::access
