// File: table_input.h
//
// A fuzz target's input as the bytes of a table: an archive out of a text, since few changes of an archive
// get past its checksums. Such a text begins with `== `; its parts are one after the other, each behind a
// line `== name`.
#ifndef TESTS_FUZZ_TABLE_INPUT_H_
#define TESTS_FUZZ_TABLE_INPUT_H_

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "server/base/text_encoding.h"
#include "tests/unit/server/tables/package.h"

namespace satudata::tables {

inline std::string TableBytes(absl::string_view input) {
  if (!absl::StartsWith(input, "== ")) return std::string(input);
  Parts parts;
  for (const absl::string_view piece : absl::StrSplit(input, "== ", absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> part =
        absl::StrSplit(piece, absl::MaxSplits('\n', 1));
    const std::string name(part.first.substr(0, part.first.find('\0')));
    // libzip refuses to write these.
    if (name.empty() || !base::IsUtf8(name)) continue;
    const auto is_same = [&](const auto& other) { return other.first == name; };
    if (std::none_of(parts.begin(), parts.end(), is_same)) parts.emplace_back(name, std::string(part.second));
  }
  return parts.empty() ? std::string(input) : MakeZip(parts);
}

}  // namespace satudata::tables

#endif  // TESTS_FUZZ_TABLE_INPUT_H_
