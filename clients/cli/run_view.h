// File: run_view.h
//
// What is known of a run from its events: the one state that pictures and summaries are drawn from. Plain
// data, folded by one thread.
#ifndef CLIENTS_CLI_RUN_VIEW_H_
#define CLIENTS_CLI_RUN_VIEW_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "clients/cli/speed.h"
#include "satudata/integration/v1/integration_service.pb.h"

namespace satudata::cli {

namespace v1 = ::satudata::integration::v1;

// Deliveries that stand where they stand for the same reason.
struct ProblemKey {
  std::string target;
  v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED;
  std::string reason;

  friend bool operator<(const ProblemKey& a, const ProblemKey& b) {
    return std::tie(a.target, a.state, a.reason) < std::tie(b.target, b.state, b.reason);
  }
};

struct Problem {
  int64_t count = 0;
  v1::Failure failure;                // Of the first one.
  std::vector<std::string> examples;  // Names of the first three files.
};

struct TargetView {
  std::map<v1::Delivery::State, int64_t> counts;
  std::optional<v1::TargetWait> wait;  // Why nothing is being sent to it.
  Speed speed;                         // Of completed deliveries.
};

struct RunView {
  v1::Run run;  // As in the last snapshot, with the state of later changes.
  std::map<std::string, TargetView> targets;
  std::optional<int64_t> total;  // Unset while any target is being planned.
  std::map<ProblemKey, Problem> problems;
  absl::flat_hash_map<std::string, ProblemKey>
      open_problems;  // By delivery, for those that may still move on.
  int64_t skipped_files = 0;
  // When the run began, on the monotonic clock of this process.
  std::optional<absl::Duration> began;
  absl::Duration now;  // Of the last event or tick, likewise.
};

// Takes in one event at monotonic time `now`.
void Fold(const v1::RunEvent& event, absl::Duration now, RunView* view);

// Deliveries to this target, and those of them that are not going to be sent any more.
int64_t TotalOf(const TargetView& target);
int64_t CompletedOf(const TargetView& target);

// How long the run took or has been going on.
absl::Duration ElapsedOf(const RunView& view);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_RUN_VIEW_H_
