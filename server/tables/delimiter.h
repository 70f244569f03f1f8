// File: delimiter.h
//
// Which character parts the cells of a text.
#ifndef SERVER_TABLES_DELIMITER_H_
#define SERVER_TABLES_DELIMITER_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/tables/limits.h"

namespace satudata::tables {

// The line that Excel understands, `sep=;`, at the head of `text`: removed from it.
std::optional<char> TakeSeparatorLine(absl::string_view& text);

// `text` is the head of a file, or all of it. How the choice is made is said at DelimitedReader.
char SniffDelimiter(absl::string_view text, bool is_all, const TableLimits& limits,
                    const std::function<int(const std::vector<std::string>& cells)>& ranker);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_DELIMITER_H_
