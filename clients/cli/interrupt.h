// File: interrupt.h
//
// Ctrl-C, as something that work can wait for: raised once by the thread that receives the signal, it cancels
// the call that is under way and ends waits.
#ifndef CLIENTS_CLI_INTERRUPT_H_
#define CLIENTS_CLI_INTERRUPT_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"

namespace grpc {
class ClientContext;
}

namespace satudata::cli {

// Thread-safe.
class Interrupt {
 public:
  void Raise();
  bool Raised() const;

  // From now on Raise cancels `call` instead of the one before; at once if it was raised already. Shared,
  // because Raise may run while the owner lets go of the call.
  void Cancels(const std::shared_ptr<grpc::ClientContext>& call);

  // Waits for `duration` or until raised; whether it was raised.
  bool WaitFor(absl::Duration duration);

 private:
  mutable base::Mutex mu_;
  base::CondVar changed_;
  bool raised_ ABSL_GUARDED_BY(mu_) = false;
  std::weak_ptr<grpc::ClientContext> call_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_INTERRUPT_H_
