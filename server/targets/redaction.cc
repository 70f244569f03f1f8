#include "server/targets/redaction.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/log.h"
#include "server/http/url.h"
#include "server/targets/answer_text.h"

namespace satudata::targets {
namespace {

constexpr absl::string_view kRedacted = "[redacted]";

// Every format writes these as they are.
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
  });
}

std::string HtmlEscape(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

}  // namespace

void Redactor::Add(absl::string_view secret) {
  if (secret.empty()) return;
  AddSpelling(std::string(secret));
  if (IsPlain(secret)) return;
  const std::string json = base::JsonEscape(secret);
  AddSpelling(json);
  AddSpelling(absl::StrReplaceAll(json, {{"/", "\\/"}}));
  AddSpelling(HtmlEscape(secret));
  const std::string encoded = http::PercentEncode(secret);
  AddSpelling(encoded);
  AddSpelling(absl::AsciiStrToLower(encoded));
  AddSpelling(absl::StrReplaceAll(encoded, {{"%20", "+"}}));
}

void Redactor::AddSpelling(std::string spelling) {
  if (std::find(spellings_.begin(), spellings_.end(), spelling) != spellings_.end()) return;
  const auto place = std::find_if(spellings_.begin(), spellings_.end(),
                                  [&](const std::string& other) { return other.size() < spelling.size(); });
  spellings_.insert(place, std::move(spelling));
}

void Redactor::Clean(std::string& text) const {
  for (const std::string& spelling : spellings_) {
    if (absl::StrContains(text, spelling)) text = absl::StrReplaceAll(text, {{spelling, kRedacted}});
  }
}

void Redactor::Clean(catalog::Failure& failure) const {
  for (auto& [name, value] : failure.args) Clean(value);
  for (catalog::FieldViolation& violation : failure.field_violations) {
    Clean(violation.field);
    Clean(violation.description);
  }
  Clean(failure.target_code);
}

void Redactor::Clean(sync::Verdict& verdict) const {
  Clean(verdict.failure);
  for (sync::RecordRuling& record : verdict.records) {
    if (!record.failure.ok()) Clean(record.failure);
    Clean(record.remote_id);
  }
}

std::string Redactor::Excerpt(absl::string_view body, size_t limit) const {
  const size_t longest = spellings_.empty() ? 0 : spellings_.front().size();
  std::string text(body.substr(0, limit + longest));
  Clean(text);
  return targets::Excerpt(text, limit);
}

}  // namespace satudata::targets
