// File: reference_cache.h
//
// The national list of indicators as it applies to one region (get_ref_dssd), kept for a day. Without it
// values are judged by the shape of their code alone.
#ifndef SERVER_TARGETS_EWALIDATA_REFERENCE_CACHE_H_
#define SERVER_TARGETS_EWALIDATA_REFERENCE_CACHE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/deadline.h"
#include "server/base/mutex.h"
#include "server/sync/reference_list.h"
#include "server/targets/ewalidata/row_reader.h"

namespace satudata::targets::ewalidata {

using sync::ReferenceList;
using sync::ReferenceListPtr;

// Pure.
ReferenceList MakeReferenceList(absl::string_view kodepemda, const std::vector<TargetRow>& rows,
                                absl::Time fetch_time);

// Thread-safe. One fetch per region at a time; whoever comes meanwhile gets the old list, or waits for the
// first.
class ReferenceCache {
 public:
  using Fetch = std::function<absl::StatusOr<ReferenceList>(absl::string_view kodepemda,
                                                            const base::Deadline& deadline)>;
  struct Options {
    absl::Duration ttl = absl::Hours(24);
    absl::Duration retry_time = absl::Minutes(1);  // After a failed fetch, until the next.
    size_t looked_at_limit = 8;                    // Lists that are kept though nothing is planned with them.
  };
  // Lists that somebody just looked at are not what values are judged by: they do not count for version(),
  // and only the last few are kept.
  enum class Use { kPlanning, kLooking };

  // `clock` must outlive the cache. `fetch` may block and is called without a lock.
  ReferenceCache(Options options, Fetch fetch, base::Clock& clock);

  // The list, fetched if it is missing or too old. A refresh that fails leaves the old list in use. Errors:
  // that of the last fetch, while there is no list at all; DEADLINE_EXCEEDED while somebody else fetches it.
  // A fetch that was stopped by its own caller counts for nothing: the next who comes fetches.
  absl::StatusOr<ReferenceListPtr> Get(absl::string_view kodepemda, Use use, const base::Deadline& deadline);
  // Somebody else has just read it.
  void Put(ReferenceList list);
  // What is here now; null if nothing. Never blocks.
  ReferenceListPtr Cached(absl::string_view kodepemda) const;
  std::vector<ReferenceListPtr> AllCached() const;  // By region. Never blocks.
  // Changes when any list that is planned with does; empty while there is none.
  std::string version() const;

 private:
  struct Entry {
    ReferenceListPtr list;
    absl::Status last_error;
    absl::Duration next_fetch;  // Monotonic.
    bool is_fetching = false;
    bool is_planned_with = false;
    int users = 0;         // In Get.
    int64_t last_use = 0;  // By count.
  };
  absl::StatusOr<ReferenceListPtr> GetInto(Entry& entry, absl::string_view kodepemda,
                                           const base::Deadline& deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void UpdateVersion() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Forget() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool MustFetch(const Entry& entry) const;
  // With the lock held, which is released while the target is being asked; the analysis cannot follow that.
  absl::StatusOr<ReferenceListPtr> FetchInto(Entry& entry, absl::string_view kodepemda,
                                             const base::Deadline& deadline) ABSL_NO_THREAD_SAFETY_ANALYSIS;
  void Keep(ReferenceList list, Entry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  static absl::StatusOr<ReferenceListPtr> Current(const Entry& entry);

  const Options options_;
  const Fetch fetch_;
  base::Clock& clock_;
  mutable base::Mutex mu_;
  base::CondVar fetched_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mu_);  // Ordered, and its entries stay in place.
  std::string version_ ABSL_GUARDED_BY(mu_);
  int64_t use_count_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace satudata::targets::ewalidata

#endif  // SERVER_TARGETS_EWALIDATA_REFERENCE_CACHE_H_
