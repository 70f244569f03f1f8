// File: faults.h
//
// What each quirk that concerns a whole request does to its answer. Thread-safe: it has no state.
#ifndef TESTS_SIMULATOR_FAULTS_H_
#define TESTS_SIMULATOR_FAULTS_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "server/base/clock.h"
#include "tests/simulator/operation.h"
#include "tests/simulator/options.h"
#include "tests/simulator/quirks.h"
#include "tests/simulator/reply.h"

namespace satudata::simulator {

class Faults {
 public:
  // `clock` and `options` must outlive the faults.
  Faults(base::Clock& clock, const Options& options) : clock_(clock), options_(options) {}

  // The answer of a quirk that takes the place of the work; nothing when the work is to be done.
  std::optional<Reply> Instead(const Fate& fate, Operation operation, absl::string_view path) const;
  // The right answer as the quirk lets it out.
  Reply Distort(const Fate& fate, Operation operation, Reply right) const;

 private:
  std::optional<Reply> InsteadAtSplp(const Fate& fate, absl::string_view path) const;
  static std::optional<Reply> InsteadAtCkan(const Fate& fate);
  Reply Throttle(QuotaHint hint) const;
  Reply ServerError(int status, Operation operation) const;

  base::Clock& clock_;
  const Options& options_;
};

// Whether a write that met this fate takes effect at once. kHangLate takes effect later.
bool TakesEffect(const Fate& fate);

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_FAULTS_H_
