// File: text.h
//
// Text for a terminal: made harmless, measured in columns, numbers and times as the reader writes them. Pure
// functions; text is UTF-8.
#ifndef CLIENTS_CLI_TEXT_H_
#define CLIENTS_CLI_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/language.h"

namespace satudata::cli {

// `text` on one line, without anything that a terminal would obey: line ends and tabs become blanks; other
// control characters, bidirectional overrides and bytes that are not UTF-8 become visible (`\x1b`, `\u202e`).
std::string Printable(absl::string_view text);

// As Printable, but keeps line ends and tabs: for bodies that are shown as they are.
std::string PrintableLines(absl::string_view text);

bool IsUtf8(absl::string_view text);

// Columns that printable text takes: none for combining marks, two for wide East Asian characters and emoji.
int DisplayWidth(absl::string_view text);

// `text`, or as much of it as fits `columns` with an ellipsis at its end.
std::string Fit(absl::string_view text, int columns);

// `text` filled up with blanks to `columns`.
std::string PadRight(absl::string_view text, int columns);
std::string PadLeft(absl::string_view text, int columns);

// Breaks at blanks into lines of at most `columns`, each after `indent`.
std::string Wrap(absl::string_view text, absl::string_view indent, int columns);

// 12.345 in Indonesian, 12,345 in English.
std::string FormatCount(int64_t count, Language language);

// 0:42, 12:05, 3:07:09; negative is 0:00.
std::string FormatElapsed(absl::Duration duration);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_TEXT_H_
