// File: summary.h
//
// The whole at a glance: where the files stand, whose turn it is, how it went day by day, and per urusan.
// Plain values, and where they come from.
#ifndef SERVER_SYNC_SUMMARY_H_
#define SERVER_SYNC_SUMMARY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/catalog/failure.h"
#include "server/sync/state.h"

namespace satudata::sync {

using TargetCounts = std::map<std::string, StateCounts>;  // By target.

// Days differ between time zones, but today all zones are some quarters of an hour apart.
inline constexpr absl::Duration kQuarter = absl::Minutes(15);

// Deliveries that came to a state within one quarter of an hour and are in it still.
struct QuarterCount {
  int64_t quarter = 0;  // Since 1970.
  std::string target;
  State state = State::kQueued;
  int64_t count = 0;
};

// Files whose newest delivery to a target waits for the owner of this reason.
struct Turn {
  catalog::Reason reason = catalog::Reason::kNone;
  std::string target;
  int64_t count = 0;
};

// What the store counts, all of one moment.
struct StoredSummary {
  int64_t file_count = 0;
  int64_t verified_file_count = 0;
  TargetCounts standings;  // Files.
  std::vector<QuarterCount> quarters;
  std::map<std::string, TargetCounts> urusans;  // Records, by the code of their urusan.
  std::vector<Turn> turns;
};

// What is asked of the store.
struct SummaryScope {
  std::vector<std::string> targets;
  std::vector<std::string> indicator_targets;  // Of these, whose records are indicator values.
  absl::Time since;                            // Quarters that ended before are left out.
};

// Where the counts come from: the store. Thread-safe.
class SummarySource {
 public:
  virtual ~SummarySource() = default;

  // Looks at every file's standing and at all records behind it: ask seldom (SummaryReader). Blocks on the
  // database. UNAVAILABLE with kStoreUnavailable.
  virtual absl::StatusOr<StoredSummary> ReadSummary(const SummaryScope& scope) = 0;
  // Rises with every commit, before anybody is told of it: while it stands still, nothing has changed. Does
  // not block.
  virtual int64_t CommitCount() const = 0;
};

struct DaySummary {
  absl::CivilDay day;
  TargetCounts counts;  // Deliveries.
};

struct UrusanSummary {
  std::string kode;     // `1.02`
  std::string uraian;   // Empty while no reference list is known.
  TargetCounts counts;  // Records.
};

struct Summary {
  int64_t file_count = 0;
  int64_t verified_file_count = 0;
  TargetCounts standings;
  std::vector<DaySummary> days;        // Oldest first.
  std::vector<UrusanSummary> urusans;  // By code.
  std::vector<Turn> turns;             // The largest first.
  absl::Time read_time;                // As of when all this is.
};

struct SummaryRequest {
  int day_count = 30;     // The last one is today.
  std::string time_zone;  // IANA; empty: Asia/Jakarta.
};

inline constexpr int kMostSummaryDays = 366;

}  // namespace satudata::sync

#endif  // SERVER_SYNC_SUMMARY_H_
