// File: failure_counter.h
//
// Counts failures by a name that anybody may choose, and says how long that name has to wait. Bounded: when
// it is full, the name that was quiet longest is forgotten. Time is given, so it is pure. Not thread-safe.
#ifndef SERVER_ACCESS_FAILURE_COUNTER_H_
#define SERVER_ACCESS_FAILURE_COUNTER_H_

#include <cstddef>
#include <list>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace satudata::access {

struct FailureLimits {
  int free = 3;                                    // Default: three failures cost nothing; from the next on
  absl::Duration first_wait = absl::Seconds(1);    // ... 1 s, 2 s, 4 s
  absl::Duration longest_wait = absl::Minutes(1);  // ... up to 60 s.
  absl::Duration memory = absl::Minutes(15);       // Default: forgotten after 15 min without another.
  size_t capacity = 10'000;                        // Default: 10,000 names.
};

class FailureCounter {
 public:
  explicit FailureCounter(FailureLimits limits) : limits_(limits) {}

  // How long `name` still has to wait at `now`; zero: not at all.
  absl::Duration WaitOf(absl::string_view name, absl::Duration now) const;
  void Count(absl::string_view name, absl::Duration now);
  // The last one counted did not happen, nor the wait that came of it.
  void Uncount(absl::string_view name);
  void Forget(absl::string_view name);

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string name;
    int failures = 0;
    absl::Duration last;  // When it was counted.
    absl::Duration wait;  // From then on.
  };
  using Entries = std::list<Entry>;  // The one that was quiet longest is last.

  absl::Duration WaitAfter(int failures) const;

  const FailureLimits limits_;
  Entries entries_;
  absl::flat_hash_map<std::string, Entries::iterator> by_name_;
};

}  // namespace satudata::access

#endif  // SERVER_ACCESS_FAILURE_COUNTER_H_
