// File: indicator_list.h
//
// A page of a target's reference list, with what we hold of each indicator beside what the target is proven
// to hold. Pure but for the store's types.
#ifndef SERVER_SYNC_INDICATOR_LIST_H_
#define SERVER_SYNC_INDICATOR_LIST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/sync/reference_list.h"
#include "server/sync/store.h"

namespace satudata::sync {

struct IndicatorFilter {
  std::string target;
  std::string kodepemda;  // Empty: the configured default.
  std::string text;       // Part of code or name; any case.
  std::string urusan;     // `1.02`; empty: any.
};

// One indicator in one year: ours beside the target's. What is not known is empty.
struct IndicatorYear {
  std::string tahun;
  std::string value;
  std::string file_id;
  std::string target_value;
  std::optional<absl::Time> confirm_time;
};

inline constexpr size_t kMostIndicatorYears = 30;

struct IndicatorRow {
  ReferenceIndicator indicator;
  std::vector<IndicatorYear> years;  // Newest first, at most kMostIndicatorYears.
};

struct IndicatorPage {
  std::vector<IndicatorRow> rows;  // By code.
  int64_t total_count = 0;         // On all pages together.
  absl::Time read_time;            // When the list was read.
};

// The page's indicators, without years. `page.after`: a code.
IndicatorPage SelectIndicators(const ReferenceList& list, const IndicatorFilter& filter, const Page& page);

// What a record's key begins with (`1612.1.02.000318.`), whatever the year.
std::string KeyPrefix(absl::string_view kodepemda, absl::string_view kodeindikator);

// Fills in the years of `rows`. Both lists are of these indicators, in any order.
void AddYears(absl::string_view kodepemda, const std::vector<OwnValue>& ours,
              const std::vector<Baseline>& theirs, std::vector<IndicatorRow>& rows);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_INDICATOR_LIST_H_
