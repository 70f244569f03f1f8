#include "clients/cli/signal_watch.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "clients/cli/exit_code.h"

namespace satudata::cli {
namespace {

constexpr int kWakeSignal = SIGUSR1;  // Ends the watch itself.

void Receive(sigset_t signals, Interrupt* interrupt) {
  int received = 0;
  while (sigwait(&signals, &received) == 0 && received != kWakeSignal) {
    if (interrupt->Raised()) _exit(static_cast<int>(ExitCode::kInterrupted));
    interrupt->Raise();
  }
}

}  // namespace

SignalWatch::SignalWatch(Interrupt* interrupt) {
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGINT, SIGTERM, kWakeSignal}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread(Receive, signals, interrupt);
  pthread_setname_np(thread_.native_handle(), "signals");
}

SignalWatch::~SignalWatch() {
  pthread_kill(thread_.native_handle(), kWakeSignal);
  thread_.join();
}

}  // namespace satudata::cli
