// File: json_texts.h
//
// The texts at a few places of a JSON document, read in passing: nothing of the rest is kept. Pure;
// thread-safe.
#ifndef SERVER_TARGETS_JSON_TEXTS_H_
#define SERVER_TARGETS_JSON_TEXTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace satudata::targets {

// For each pointer (`/data/dataset_id`; empty: the whole) the text that it leads to; nullopt where it leads
// to nothing or to something else. Of members of the same name the last one counts, as for ParseJson. All are
// nullopt if `json` is not one whole JSON text.
std::vector<std::optional<std::string>> TextsAt(absl::string_view json,
                                                absl::Span<const absl::string_view> pointers);

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_JSON_TEXTS_H_
