#include "clients/cli/interrupt.h"

#include <grpcpp/client_context.h>

#include <chrono>

namespace satudata::cli {

void Interrupt::Raise() {
  std::shared_ptr<grpc::ClientContext> call;
  {
    base::MutexLock lock(&mu_);
    raised_ = true;
    call = call_.lock();
    changed_.SignalAll();
  }
  if (call != nullptr) call->TryCancel();
}

bool Interrupt::Raised() const {
  base::MutexLock lock(&mu_);
  return raised_;
}

void Interrupt::Cancels(const std::shared_ptr<grpc::ClientContext>& call) {
  {
    base::MutexLock lock(&mu_);
    call_ = call;
    if (!raised_) return;
  }
  call->TryCancel();
}

bool Interrupt::WaitFor(absl::Duration duration) {
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(duration);
  base::MutexLock lock(&mu_);
  while (!raised_) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds::zero()) break;
    changed_.WaitFor(&mu_, left);
  }
  return raised_;
}

}  // namespace satudata::cli
