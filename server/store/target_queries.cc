#include "server/store/target_queries.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/rows.h"

namespace satudata::store {
namespace {

using Text = std::string;
using Row = std::tuple<Text, int64_t, int64_t, int64_t, int64_t, catalog::Failure, sync::PauseKind,
                       catalog::Failure, Text, absl::Time, absl::Time, catalog::Failure, int64_t, absl::Time>;
using Params =
    std::tuple<Text, int64_t, int64_t, int64_t, int64_t, catalog::Failure, sync::PauseKind, catalog::Failure,
               Text, absl::Time, absl::Time, catalog::Failure, absl::Time, bool, bool, bool>;

// Rates are stored in thousandths: both engines read a whole number back as it was.
constexpr double kThousandths = 1000;

int64_t ToThousandths(double value) { return std::llround(value * kThousandths); }
double FromThousandths(int64_t value) { return static_cast<double>(value) / kThousandths; }

}  // namespace

void UpsertTargetMemory(Connection& connection, const sync::TargetMemory& memory, absl::Time its_now) {
  // A pause that the target has made does not take the place of an operator's.
  constexpr absl::string_view kPauses =
      "(:pauses <> 0 AND NOT (excluded.pause_kind = 'BY_TARGET' AND target_control.pause_kind = "
      "'BY_OPERATOR'))";
  const auto choose = [](absl::string_view condition, absl::string_view column) {
    return absl::StrCat(column, " = CASE WHEN ", condition, " THEN excluded.", column,
                        " ELSE target_control.", column, " END, ");
  };
  static const auto* const kSql = new std::string(absl::StrCat(
      "INSERT INTO target_control (target, rate_milli, burst_milli, concurrency_limit, circuit_openings, "
      "circuit_failure, pause_kind, pause_failure, paused_by, pause_time, hold_until, hold_failure, epoch, "
      "update_time) "
      "VALUES (:target, :rate, :burst, :concurrency, :openings, :circuit_failure, :pause_kind, "
      ":pause_failure, :paused_by, :pause_time, :hold_until, :hold_failure, 1, :update_time) "
      "ON CONFLICT (target) DO UPDATE SET rate_milli = excluded.rate_milli, "
      "burst_milli = excluded.burst_milli, concurrency_limit = excluded.concurrency_limit, ",
      choose(":circuits <> 0", "circuit_openings"), choose(":circuits <> 0", "circuit_failure"),
      choose(kPauses, "pause_kind"), choose(kPauses, "pause_failure"), choose(kPauses, "paused_by"),
      choose(kPauses, "pause_time"), choose(":holds <> 0", "hold_until"),
      choose(":holds <> 0", "hold_failure"),
      "epoch = target_control.epoch + CASE WHEN :circuits + :pauses + :holds > 0 THEN 1 ELSE 0 END, "
      "update_time = excluded.update_time"));
  connection.Execute(
      *kSql, Params(memory.target, ToThousandths(memory.rate.per_second), ToThousandths(memory.rate.burst),
                    memory.concurrency_limit, memory.circuit_openings, memory.circuit_failure,
                    memory.pause.kind, memory.pause.failure, memory.pause.paused_by, memory.pause.since,
                    its_now + memory.hold_time, memory.hold_failure, memory.update_time,
                    memory.circuit_changed, memory.pause_changed, memory.hold_changed));
}

std::vector<sync::TargetMemory> SelectTargetMemories(Connection& connection, absl::Time its_now) {
  std::vector<sync::TargetMemory> memories;
  connection.Select<Row>(
      "SELECT target, rate_milli, burst_milli, concurrency_limit, circuit_openings, circuit_failure, "
      "pause_kind, pause_failure, paused_by, pause_time, hold_until, hold_failure, epoch, update_time "
      "FROM target_control WHERE epoch > :none ORDER BY target",
      std::tuple<int64_t>(0), [&](Row& row) {
        auto& [target, rate, burst, concurrency, openings, circuit_failure, pause_kind, pause_failure,
               paused_by, pause_time, hold_until, hold_failure, epoch, update_time] = row;
        memories.push_back({.target = std::move(target),
                            .rate = {FromThousandths(rate), FromThousandths(burst)},
                            .concurrency_limit = static_cast<int>(concurrency),
                            .circuit_openings = static_cast<int>(openings),
                            .circuit_failure = std::move(circuit_failure),
                            .pause = {pause_kind, std::move(pause_failure), std::move(paused_by), pause_time},
                            .hold_time = std::max(hold_until - its_now, absl::ZeroDuration()),
                            .hold_failure = std::move(hold_failure),
                            .epoch = epoch,
                            .update_time = update_time});
      });
  return memories;
}

}  // namespace satudata::store
