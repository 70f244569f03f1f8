#include "server/targets/ewalidata/push_log.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace satudata::targets::ewalidata {
namespace {

// Row keys are joined with dots or with commas, and nobody says which.
std::string JoinedWithDots(absl::string_view text) { return absl::StrReplaceAll(text, {{",", "."}}); }

bool IsPartOfWord(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-'; }

// Whether the key ends at `end`: a full stop after it is punctuation, a dot before a digit is not.
bool EndsAt(absl::string_view line, size_t end) {
  if (end == line.size()) return true;
  if (line[end] == '.') return end + 1 == line.size() || !IsPartOfWord(line[end + 1]);
  return !IsPartOfWord(line[end]);
}

bool BeginsAt(absl::string_view line, size_t begin) {
  if (begin == 0) return true;
  const char before = line[begin - 1];
  return !IsPartOfWord(before) && before != '.';
}

bool Names(absl::string_view line, absl::string_view key) {
  for (size_t at = line.find(key); at != absl::string_view::npos; at = line.find(key, at + 1)) {
    if (BeginsAt(line, at) && EndsAt(line, at + key.size())) return true;
  }
  return false;
}

// `1612.… nilai tidak valid` out of `ERROR: 1612.… nilai tidak valid`.
std::string WithoutLabel(absl::string_view line) {
  if (absl::StartsWithIgnoreCase(line, "ERROR")) line.remove_prefix(5);
  absl::ConsumePrefix(&line, ":");
  return std::string(absl::StripAsciiWhitespace(line));
}

}  // namespace

std::optional<PushLog> PushLog::Read(const nlohmann::json& log) {
  if (!log.is_array()) return std::nullopt;
  PushLog read;
  for (const nlohmann::json& line : log) {
    if (line.is_null()) continue;
    if (!line.is_string()) return std::nullopt;
    read.Note(absl::StripAsciiWhitespace(line.get_ref<const std::string&>()));
  }
  return read;
}

void PushLog::Note(absl::string_view line) {
  const std::string upper = absl::AsciiStrToUpper(line);
  if (absl::StrContains(upper, "ROLLBACK")) is_rolled_back_ = true;  // Also where an error says it.
  if (absl::StrContains(upper, "ERROR")) {
    errors_.emplace_back(JoinedWithDots(line), std::string(line));
  } else if (line == "COMMIT TRANS") {  // In these letters: a shape that we do not know is no success.
    is_committed_ = true;
  } else if (absl::ConsumeSuffix(&line, " OK")) {
    ++ok_[JoinedWithDots(absl::StripTrailingAsciiWhitespace(line))];
  }
}

int PushLog::CountOk(absl::string_view row_key) const {
  const auto found = ok_.find(JoinedWithDots(row_key));
  return found == ok_.end() ? 0 : found->second;
}

std::optional<std::string> PushLog::ErrorOf(absl::string_view row_key) const {
  const std::string key = JoinedWithDots(row_key);
  if (key.empty()) return std::nullopt;
  for (const auto& [joined, line] : errors_) {
    if (Names(joined, key)) return WithoutLabel(line);
  }
  return std::nullopt;
}

}  // namespace satudata::targets::ewalidata
