// File: summary_reader.h
//
// Reads the summary for all who look at it. Counting everything takes a while with a large catalogue, so it
// is done for one at a time and not again at once: the others get the last answer, which is a few seconds old
// at most. Nothing is done while nobody asks, and nothing is counted again while nothing was stored.
#ifndef SERVER_SYNC_SUMMARY_READER_H_
#define SERVER_SYNC_SUMMARY_READER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/base/time_zones.h"
#include "server/sync/summary.h"
#include "server/sync/target.h"

namespace satudata::sync {

// Thread-safe. What is kept is bounded: counts, and the quarters of a year.
class SummaryReader {
 public:
  // All must outlive the reader.
  SummaryReader(SummarySource& source, std::vector<Target*> targets, base::Clock& clock);

  // Blocks on the database, or until whoever reads it at the moment is done. INVALID_ARGUMENT kFieldInvalid
  // for a time zone that is not known; UNAVAILABLE kStoreUnavailable.
  absl::StatusOr<Summary> Read(const SummaryRequest& request);

 private:
  struct Snapshot {
    std::shared_ptr<const StoredSummary> stored;
    absl::Time read_time;
  };
  absl::StatusOr<absl::TimeZone> ZoneOf(const SummaryRequest& request);
  absl::StatusOr<Snapshot> Latest();
  // Whether the last answer will do; if nothing was stored since, it is as of now.
  bool IsRecent() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Duration Age() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Duration Rest() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Called with the lock held, which is released while the source is read; the analysis cannot follow that.
  absl::Status ReadSource() ABSL_NO_THREAD_SAFETY_ANALYSIS;
  Summary Assemble(const Snapshot& snapshot, int day_count, const absl::TimeZone& zone) const;
  std::string NameOf(absl::string_view urusan) const;

  SummarySource& source_;
  const std::vector<Target*> targets_;
  base::Clock& clock_;
  base::TimeZones zones_;

  base::Mutex mu_;
  base::CondVar read_;
  std::optional<Snapshot> last_ ABSL_GUARDED_BY(mu_);
  bool reading_ ABSL_GUARDED_BY(mu_) = false;
  int64_t commits_ ABSL_GUARDED_BY(mu_) = 0;   // Store::CommitCount, before it was read.
  absl::Duration start_ ABSL_GUARDED_BY(mu_);  // Monotonic: when the last read began,
  absl::Duration as_of_ ABSL_GUARDED_BY(mu_);  // ... as of when it is,
  absl::Duration cost_ ABSL_GUARDED_BY(mu_);   // ... and how long it took.
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_SUMMARY_READER_H_
