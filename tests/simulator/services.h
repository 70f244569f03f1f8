// File: services.h
//
// What the imitated systems work with. The Simulator owns all of it.
#ifndef TESTS_SIMULATOR_SERVICES_H_
#define TESTS_SIMULATOR_SERVICES_H_

#include "server/base/clock.h"
#include "tests/simulator/faults.h"
#include "tests/simulator/gateway.h"
#include "tests/simulator/late_worker.h"
#include "tests/simulator/ledger.h"
#include "tests/simulator/options.h"
#include "tests/simulator/quirks.h"
#include "tests/simulator/stop_signal.h"
#include "tests/simulator/truth.h"

namespace satudata::simulator {

struct Services {
  const Options& options;
  base::Clock& clock;
  StopSignal& stop;
  QuirkEngine& quirks;
  const Faults& faults;
  Gateway& gateway;
  Truth& truth;
  LateWorker& late;
  Ledger& ledger;
};

// How long a late apply waits, as the dice of its fate say.
inline absl::Duration LateDelay(const Options& options, const Fate& fate) {
  return options.late_min + fate.Fraction() * (options.late_max - options.late_min);
}

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_SERVICES_H_
