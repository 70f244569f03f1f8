// File: time_zones.h
//
// Time zones by their IANA names, which callers give us. Thread-safe.
#ifndef SERVER_BASE_TIME_ZONES_H_
#define SERVER_BASE_TIME_ZONES_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"

namespace satudata::base {

class TimeZones {
 public:
  // The library remembers each name for ever, also those of no zone, so only so many different ones are
  // looked up. Default: 2,000; there are some 600.
  explicit TimeZones(size_t most_names = 2000) : most_names_(most_names) {}

  // nullopt for what is not the name of a zone. May read a file.
  std::optional<absl::TimeZone> Find(absl::string_view name);

 private:
  bool MayLookUp(absl::string_view name);

  const size_t most_names_;
  Mutex mu_;
  absl::flat_hash_set<std::string> names_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::base

#endif  // SERVER_BASE_TIME_ZONES_H_
