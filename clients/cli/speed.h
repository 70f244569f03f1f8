// File: speed.h
//
// How fast a count rises: over the last ten seconds, so that it follows a target that becomes slower.
#ifndef CLIENTS_CLI_SPEED_H_
#define CLIENTS_CLI_SPEED_H_

#include <cstdint>
#include <deque>

#include "absl/time/time.h"

namespace satudata::cli {

// Thread-compatible. Times are monotonic and never go back.
class Speed {
 public:
  void Add(absl::Duration now, int64_t count);
  // 0 until there is something to compare, and when nothing has come for the whole window.
  double PerSecond(absl::Duration now) const;

 private:
  struct Sample {
    absl::Duration time;
    int64_t count;
  };
  std::deque<Sample> samples_;  // At most one per half second of the window, and the newest.
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_SPEED_H_
