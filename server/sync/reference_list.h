// File: reference_list.h
//
// The indicators that a target takes from one region, as it last told them. Plain values.
#ifndef SERVER_SYNC_REFERENCE_LIST_H_
#define SERVER_SYNC_REFERENCE_LIST_H_

#include <memory>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/time/time.h"

namespace satudata::sync {

struct ReferenceIndicator {
  std::string kodeindikator;
  std::string name;
  std::string unit;
  std::string field;         // `1.02 - URUSAN …`
  bool is_disabled = false;  // Does not apply to this region: a push would be refused.
};

// Immutable once made.
struct ReferenceList {
  std::string kodepemda;
  absl::Time fetch_time;
  std::string version;  // Equal exactly when codes and their states are.
  absl::btree_map<std::string, ReferenceIndicator> indicators;  // By kodeindikator.
};

using ReferenceListPtr = std::shared_ptr<const ReferenceList>;  // Shared: readers outlive a refresh.

}  // namespace satudata::sync

#endif  // SERVER_SYNC_REFERENCE_LIST_H_
