// File: signal_watch.h
//
// Turns Ctrl-C into an Interrupt; a second one ends the program at once.
#ifndef CLIENTS_CLI_SIGNAL_WATCH_H_
#define CLIENTS_CLI_SIGNAL_WATCH_H_

#include <thread>

#include "clients/cli/interrupt.h"

namespace satudata::cli {

// Make it before any other thread exists: SIGINT and SIGTERM are blocked from then on in every thread and
// received by one that belongs to the watch. `interrupt` must outlive it.
class SignalWatch {
 public:
  explicit SignalWatch(Interrupt* interrupt);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  std::thread thread_;
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_SIGNAL_WATCH_H_
