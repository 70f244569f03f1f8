#include "server/store/target_queries.h"

#include <cmath>
#include <string>
#include <tuple>
#include <utility>

#include "server/store/rows.h"

namespace satudata::store {
namespace {

using Text = std::string;
using Row = std::tuple<Text, int64_t, int64_t, int64_t, int64_t, catalog::Failure, sync::PauseKind,
                       catalog::Failure, Text, absl::Time, int64_t, absl::Time>;

// Rates are stored in thousandths: both engines read a whole number back as it was.
constexpr double kThousandths = 1000;

int64_t ToThousandths(double value) { return std::llround(value * kThousandths); }
double FromThousandths(int64_t value) { return static_cast<double>(value) / kThousandths; }

}  // namespace

void UpsertTargetMemory(Connection& connection, const sync::TargetMemory& memory) {
  connection.Execute(
      "INSERT INTO target_control (target, rate_milli, burst_milli, concurrency_limit, circuit_openings, "
      "circuit_failure, pause_kind, pause_failure, paused_by, pause_time, epoch, update_time) "
      "VALUES (:target, :rate, :burst, :concurrency, :openings, :circuit_failure, :pause_kind, "
      ":pause_failure, :paused_by, :pause_time, :epoch, :update_time) "
      "ON CONFLICT (target) DO UPDATE SET rate_milli = excluded.rate_milli, "
      "burst_milli = excluded.burst_milli, concurrency_limit = excluded.concurrency_limit, "
      "circuit_openings = excluded.circuit_openings, circuit_failure = excluded.circuit_failure, "
      "pause_kind = excluded.pause_kind, pause_failure = excluded.pause_failure, "
      "paused_by = excluded.paused_by, pause_time = excluded.pause_time, epoch = excluded.epoch, "
      "update_time = excluded.update_time WHERE target_control.epoch < excluded.epoch",
      Row(memory.target, ToThousandths(memory.rate.per_second), ToThousandths(memory.rate.burst),
          memory.concurrency_limit, memory.circuit_openings, memory.circuit_failure, memory.pause.kind,
          memory.pause.failure, memory.pause.paused_by, memory.pause.since, memory.epoch,
          memory.update_time));
}

std::vector<sync::TargetMemory> SelectTargetMemories(Connection& connection) {
  std::vector<sync::TargetMemory> memories;
  connection.Select<Row>(
      "SELECT target, rate_milli, burst_milli, concurrency_limit, circuit_openings, circuit_failure, "
      "pause_kind, pause_failure, paused_by, pause_time, epoch, update_time FROM target_control "
      "WHERE epoch > :none ORDER BY target",
      std::tuple<int64_t>(0), [&memories](Row& row) {
        auto& [target, rate, burst, concurrency, openings, circuit_failure, pause_kind, pause_failure,
               paused_by, pause_time, epoch, update_time] = row;
        memories.push_back({.target = std::move(target),
                            .rate = {FromThousandths(rate), FromThousandths(burst)},
                            .concurrency_limit = static_cast<int>(concurrency),
                            .circuit_openings = static_cast<int>(openings),
                            .circuit_failure = std::move(circuit_failure),
                            .pause = {pause_kind, std::move(pause_failure), std::move(paused_by), pause_time},
                            .epoch = epoch,
                            .update_time = update_time});
      });
  return memories;
}

}  // namespace satudata::store
