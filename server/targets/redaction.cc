#include "server/targets/redaction.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/targets/answer_text.h"

namespace satudata::targets {
namespace {

constexpr absl::string_view kRedacted = "[redacted]";
// Backslashes before a sign that was quoted three times.
constexpr size_t kMostQuotes = 8;
constexpr size_t kLongestEntity = 8;  // `&#x0026;`
// What one sign can take at the most.
constexpr size_t kLongestSpelling = kMostQuotes + kLongestEntity;

// Every format writes these as they are.
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
  });
}

bool IsHexOf(absl::string_view digits, char sign) {
  unsigned value = 0;
  return absl::SimpleHexAtoi(digits, &value) && value == static_cast<unsigned char>(sign);
}

struct Entity {
  absl::string_view text;
  char sign;
};
constexpr Entity kEntities[] = {
    {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};

// Of the entity at the head of `text`, by name or by number (`&#39;`, `&#x27;`), if it stands for `sign`;
// else 0.
size_t EntityLength(absl::string_view text, char sign) {
  for (const Entity& entity : kEntities) {
    if (entity.sign == sign && absl::StartsWith(text, entity.text)) return entity.text.size();
  }
  const size_t end = text.substr(0, kLongestEntity).find(';');
  if (end == absl::string_view::npos || !absl::StartsWith(text, "&#")) return 0;
  const absl::string_view number = text.substr(2, end - 2);
  unsigned value = 0;
  const bool is_hex = absl::StartsWithIgnoreCase(number, "x");
  const bool is_number =
      is_hex ? absl::SimpleHexAtoi(number.substr(1), &value) : absl::SimpleAtoi(number, &value);
  return is_number && value == static_cast<unsigned char>(sign) ? end + 1 : 0;
}

// How many bytes at the beginning of `text` may spell `sign`, by each of the ways in which that can be meant.
void AppendSpellings(absl::string_view text, char sign, size_t before, std::vector<size_t>& ends) {
  const auto add = [&](size_t length) {
    if (std::find(ends.begin(), ends.end(), before + length) == ends.end()) ends.push_back(before + length);
  };
  // A quotation puts backslashes before some signs, a quoted quotation more of them.
  const absl::string_view start = text.substr(0, kMostQuotes);
  const size_t quotes = std::min(start.find_first_not_of('\\'), start.size());
  const absl::string_view rest = text.substr(quotes);
  if (sign == '\\' && quotes > 0) add(1);
  if (rest.empty()) return;
  if (rest[0] == sign) add(quotes + 1);
  if (quotes > 0 && rest[0] == 'u' && IsHexOf(rest.substr(1, 4), sign)) add(quotes + 5);
  if (rest[0] == '%' && IsHexOf(rest.substr(1, 2), sign)) add(quotes + 3);
  if (const size_t entity = EntityLength(rest, sign); entity > 0) add(quotes + entity);
}

// The most bytes at the beginning of `text` that spell `secret`; 0: none.
size_t SecretLength(absl::string_view text, absl::string_view secret) {
  // All ways at once: what begins like an escape (`%25`, `&amp;`) may be what the secret says itself.
  std::vector<size_t> ends = {0};
  for (const char sign : secret) {
    std::vector<size_t> next;
    for (const size_t end : ends) AppendSpellings(text.substr(end), sign, end, next);
    if (next.empty()) return 0;
    ends = std::move(next);
  }
  return *std::max_element(ends.begin(), ends.end());
}

// For secrets with signs that formats spell in their own ways.
void RemoveAllSpellings(absl::string_view secret, std::string& text) {
  const std::string starts = absl::StrCat("\\%&", secret.substr(0, 1));
  std::string clean;
  size_t kept = 0;
  for (size_t at = text.find_first_of(starts); at != std::string::npos; at = text.find_first_of(starts, at)) {
    const size_t length = SecretLength(absl::string_view(text).substr(at), secret);
    if (length == 0) {
      ++at;
      continue;
    }
    clean.append(text, kept, at - kept).append(kRedacted.data(), kRedacted.size());
    at += length;
    kept = at;
  }
  if (kept == 0) return;
  text = clean.append(text, kept);
}

}  // namespace

void Redactor::Add(absl::string_view secret) {
  if (secret.empty()) return;
  const auto place = std::find_if(secrets_.begin(), secrets_.end(),
                                  [&](const std::string& other) { return other.size() < secret.size(); });
  secrets_.insert(place, std::string(secret));
}

void Redactor::Clean(std::string& text) const {
  for (const std::string& secret : secrets_) {
    if (!IsPlain(secret)) {
      RemoveAllSpellings(secret, text);
    } else if (absl::StrContains(text, secret)) {
      text = absl::StrReplaceAll(text, {{secret, kRedacted}});
    }
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
  const size_t longest = secrets_.empty() ? 0 : kLongestSpelling * secrets_.front().size();
  std::string text(body.substr(0, limit + longest));
  Clean(text);
  return targets::Excerpt(text, limit);
}

}  // namespace satudata::targets
