#include "server/base/env_file.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace satudata::base {
namespace {

bool IsName(absl::string_view text) {
  if (text.empty() || absl::ascii_isdigit(text[0])) return false;
  for (const char c : text) {
    if (!absl::ascii_isalnum(c) && c != '_') return false;
  }
  return true;
}

// A quoted value ends at its quote; an unquoted one at ` #`.
std::optional<std::string> ParseValue(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty() || (text[0] != '"' && text[0] != '\'')) {
    return std::string(absl::StripAsciiWhitespace(text.substr(0, text.find(" #"))));
  }
  const size_t end = text.find(text[0], 1);
  if (end == absl::string_view::npos) return std::nullopt;
  const absl::string_view rest = absl::StripAsciiWhitespace(text.substr(end + 1));
  if (!rest.empty() && rest[0] != '#') return std::nullopt;
  return std::string(text.substr(1, end - 1));
}

std::optional<std::pair<std::string, std::string>> ParseLine(absl::string_view line) {
  absl::ConsumePrefix(&line, "export ");
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits('=', 1));
  const absl::string_view name = absl::StripAsciiWhitespace(parts.first);
  if (parts.first.size() == line.size() || !IsName(name)) return std::nullopt;
  std::optional<std::string> value = ParseValue(parts.second);
  if (!value) return std::nullopt;
  return std::make_pair(std::string(name), *std::move(value));
}

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> ParseEnvFile(absl::string_view text) {
  std::map<std::string, std::string> variables;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    auto variable = ParseLine(line);
    // The line is not quoted: it may hold a secret.
    if (!variable) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": not NAME=value; correct or remove it"));
    }
    variables.insert_or_assign(std::move(variable->first), std::move(variable->second));
  }
  return variables;
}

}  // namespace satudata::base
