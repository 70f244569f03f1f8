// File: simulator.h
//
// Both national systems in one process, as nasty as they are: the program target-simulator and the tests run
// it.
//
//   absl::StatusOr<std::unique_ptr<Simulator>> simulator = Simulator::Start({.quirks = {{"html-200", 1.0}}});
//   … (*simulator)->splp_url() …   EXPECT_TRUE((*simulator)->truth().SplpRecord("f1")->Holds());
//
// SPLP answers under /splp (its CKAN under /splp/api/3/action), SIPD under /sipd, tokens under /oauth2/token,
// the simulator itself under /admin. All methods are thread-safe.
#ifndef TESTS_SIMULATOR_SIMULATOR_H_
#define TESTS_SIMULATOR_SIMULATOR_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/base/clock.h"
#include "tests/simulator/options.h"
#include "tests/simulator/quirks.h"
#include "tests/simulator/truth.h"

namespace satudata::simulator {

class Gateway;

class Simulator {
 public:
  // Serves when it returns. InvalidArgument: options that contradict each other. Unavailable: the address is
  // taken. `clock`, if given, must outlive the simulator; delays on the wire are real in any case.
  static absl::StatusOr<std::unique_ptr<Simulator>> Start(Options options, base::Clock* clock = nullptr);
  // Stops.
  ~Simulator();

  // Ends all connections, hung ones included. Idempotent. The truth stays readable.
  void Stop();

  std::string address() const;   // "127.0.0.1:40123"
  std::string base_url() const;  // "http://127.0.0.1:40123"
  std::string splp_url() const { return base_url() + "/splp"; }
  std::string sipd_url() const { return base_url() + "/sipd"; }

  Truth& truth();
  QuirkEngine& quirks();
  Gateway& gateway();
  // Everything as it was at start: state, quirks, counts; nothing pending, no outage.
  void Reset();

 private:
  class Impl;
  explicit Simulator(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_SIMULATOR_H_
