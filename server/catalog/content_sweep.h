// File: content_sweep.h
//
// Removes uploaded content that no file has any more. What was first seen without a file is noted beside it,
// under `unreferenced/`, and removed once that is long ago; a file that takes it up meanwhile ends the note.
//
// Safe beside uploads and other sweeps of the same directory, in any process: content is moved away before it
// is asked a last time whether a file has it, and an upload that has put it there holds its lock until the
// file does.
#ifndef SERVER_CATALOG_CONTENT_SWEEP_H_
#define SERVER_CATALOG_CONTENT_SWEEP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/catalog/content.h"

namespace satudata::catalog {

// Of these names of content, as CatalogFile::content_name has them, those that a file has.
using ContentInUse =
    std::function<absl::StatusOr<std::vector<std::string>>(absl::Span<const std::string> content_names)>;

// Removes what was noted at least `kept_for` before `now`; how many that were. Blocks on the disk and on
// `in_use`, whose error ends it. Where no content at all is in use nothing is touched: the database may be
// another's, or new.
absl::StatusOr<int64_t> SweepContent(const ContentOptions& options, const ContentInUse& in_use,
                                     absl::Duration kept_for, absl::Time now);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_CONTENT_SWEEP_H_
