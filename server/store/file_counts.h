// File: file_counts.h
//
// How many files match a filter, counted again only when that may have changed: a list asks for it with each
// page. What the catalogue alone decides holds until the catalogue changes. How files stand at a target may
// change with any commit, hundreds of times a second while a run is under way: then a number is used for some
// times as long as it took to count. Thread-safe. Internal to store/.
#ifndef SERVER_STORE_FILE_COUNTS_H_
#define SERVER_STORE_FILE_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/sync/store.h"

namespace satudata::store {

class FileCounts {
 public:
  // As of when a number is: CatalogStore::Generation and Store::CommitCount, read before it was counted.
  struct Stamp {
    int64_t generation = 0;
    int64_t commits = 0;
  };
  using Count = std::function<absl::StatusOr<int64_t>()>;

  // Default: the 64 filters that were asked for last. `clock` must outlive this.
  explicit FileCounts(base::Clock& clock, size_t capacity = 64) : clock_(clock), capacity_(capacity) {}

  // The number that is known, or what `count` says, which is called without a lock.
  absl::StatusOr<int64_t> Get(const sync::FileFilter& filter, Stamp now, const Count& count);

 private:
  struct Entry {
    sync::FileFilter filter;
    Stamp stamp;
    int64_t count = 0;
    absl::Duration count_time;  // Monotonic: when it was counted,
    absl::Duration cost;        // ... and how long that took.
  };
  std::optional<int64_t> Find(const sync::FileFilter& filter, const Stamp& now);
  void Put(Entry entry);

  base::Clock& clock_;
  const size_t capacity_;
  base::Mutex mu_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mu_);  // The one that was asked for last comes first.
};

}  // namespace satudata::store

#endif  // SERVER_STORE_FILE_COUNTS_H_
