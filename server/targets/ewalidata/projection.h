// File: projection.h
//
// What one file means for e-walidata: a record per indicator value. Pure.
#ifndef SERVER_TARGETS_EWALIDATA_PROJECTION_H_
#define SERVER_TARGETS_EWALIDATA_PROJECTION_H_

#include <functional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/catalog/catalog_file.h"
#include "server/sync/target.h"
#include "server/targets/ewalidata/options.h"
#include "server/targets/ewalidata/reference_cache.h"

namespace satudata::targets::ewalidata {

// The list of a region, or null where there is none.
using FindReferences = std::function<ReferenceListPtr(absl::string_view kodepemda)>;

// Absent values, local codes, totals and repeated values are findings. Everything else that is wrong makes a
// record that is refused here, so that it is seen and can be mended. Two values of one key that differ make
// one refused record: which of them is right is not ours to guess.
sync::Projection ProjectFile(const catalog::CatalogFile& file,
                             absl::Span<const catalog::IndicatorValue> values,
                             const catalog::Failure& content_failure, const Options& options,
                             const FindReferences& find_references);

// The record that withdraws a key. What the list says to be withdrawn already is not refused: that is seen
// when the target is read.
sync::ProjectedRecord MakeWithdrawal(const sync::Withdrawal& withdrawal, const Options& options,
                                     const FindReferences& find_references);

}  // namespace satudata::targets::ewalidata

#endif  // SERVER_TARGETS_EWALIDATA_PROJECTION_H_
