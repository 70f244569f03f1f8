// File: labelled.h
//
// The members of one metric family, found by their label values without building a label map each time. Used
// by metrics.cc alone.
#ifndef SERVER_TELEMETRY_LABELLED_H_
#define SERVER_TELEMETRY_LABELLED_H_

#include <prometheus/family.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/mutex.h"

namespace satudata::telemetry {

// Thread-safe. `Extra` is what a member needs beside its labels (a histogram's buckets).
template <typename Metric, typename... Extra>
class Labelled {
 public:
  // `family` must outlive this.
  Labelled(prometheus::Family<Metric>& family, std::vector<std::string> names, Extra... extra)
      : family_(family), names_(std::move(names)), extra_(std::move(extra)...) {}

  // The member with these label values, in the order of the names; created if it is new. The reference stays
  // valid.
  Metric& With(absl::Span<const absl::string_view> values) {
    thread_local std::string key;
    key.clear();
    for (const absl::string_view value : values) absl::StrAppend(&key, value, "\n");
    base::MutexLock lock(&mu_);
    const auto found = members_.find(key);
    if (found != members_.end()) return *found->second;
    Metric& created = Create(values);
    members_.emplace(key, &created);
    return created;
  }
  Metric& With(std::initializer_list<absl::string_view> values) {
    return With(absl::MakeConstSpan(values.begin(), values.size()));
  }

 private:
  Metric& Create(absl::Span<const absl::string_view> values) {
    prometheus::Labels labels;
    for (size_t i = 0; i < names_.size(); ++i) labels[names_[i]] = std::string(values[i]);
    return std::apply([&](const Extra&... extra) -> Metric& { return family_.Add(labels, extra...); },
                      extra_);
  }

  prometheus::Family<Metric>& family_;
  const std::vector<std::string> names_;
  const std::tuple<Extra...> extra_;
  base::Mutex mu_;
  absl::flat_hash_map<std::string, Metric*> members_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::telemetry

#endif  // SERVER_TELEMETRY_LABELLED_H_
