// File: log.h
//
// One event, one line, one JSON object on standard error (or wherever main points the sink).
//
//   base::Log(base::Severity::kInfo, "run finished", {{"run_id", run_id}, {"state", "SUCCEEDED"}});
//
// Never pass a secret, a token or a raw body: what is given here is written.
#ifndef SERVER_BASE_LOG_H_
#define SERVER_BASE_LOG_H_

#include <functional>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace satudata::base {

enum class Severity { kDebug, kInfo, kWarning, kError };

using LogField = std::pair<absl::string_view, absl::string_view>;
using LogFields = std::initializer_list<LogField>;

// Thread-safe; a line is written whole. Lines below the minimum cost one comparison. Within a TraceScope the
// line has its `trace_id`.
void Log(Severity severity, absl::string_view message, LogFields fields = {});
// The same, for fields that are not known beforehand.
void LogEvent(Severity severity, absl::string_view message, absl::Span<const LogField> fields);

// Default: kInfo. Thread-safe.
void SetMinimumSeverity(Severity severity);
// Parses debug, info, warning or error in any case; false leaves `*severity` alone.
bool ParseSeverity(absl::string_view text, Severity* severity);

// Where lines go, each with its newline. Default: standard error. Call before other threads log.
void SetLogSink(std::function<void(absl::string_view line)> sink);

// `text` as the inside of a JSON string, without any control character; bytes that are not UTF-8 become
// U+FFFD.
std::string JsonEscape(absl::string_view text);

}  // namespace satudata::base

#endif  // SERVER_BASE_LOG_H_
