// Fuzz target for what is shown of an answer: no secret gets through in any of the spellings that targets
// echo it in, and what is left is short and UTF-8.
//
// An input is the secret's line, and then the body. `@` in the body stands for the secret in one of its
// spellings.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "server/base/text_encoding.h"
#include "server/http/url.h"
#include "server/targets/answer_text.h"
#include "server/targets/json_texts.h"
#include "server/targets/redaction.h"
#include "tests/fuzz/check.h"

namespace satudata::targets {
namespace {

using fuzz::Check;

constexpr size_t kLimit = 300;
constexpr size_t kShortestSecret = 8;  // Shorter ones are found in anything.

std::string InJson(absl::string_view text, bool ascii = false) {
  const std::string dumped =
      nlohmann::json(std::string(text)).dump(-1, ' ', ascii, nlohmann::json::error_handler_t::replace);
  return dumped.substr(1, dumped.size() - 2);
}

std::string InHtml(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    const absl::string_view entity = c == '&'    ? "&amp;"
                                     : c == '<'  ? "&lt;"
                                     : c == '>'  ? "&gt;"
                                     : c == '"'  ? "&quot;"
                                     : c == '\'' ? "&#39;"
                                                 : absl::string_view();
    absl::StrAppend(&out, entity.empty() ? absl::string_view(&c, 1) : entity);
  }
  return out;
}

std::vector<std::string> Spellings(const std::string& secret) {
  std::vector<std::string> all = {secret, http::PercentEncode(secret), InHtml(secret)};
  if (!base::IsUtf8(secret)) return all;  // Nothing that JSON can write.
  all.insert(all.end(), {InJson(secret), InJson(InJson(secret))});
  return all;
}

void CheckClean(const Redactor& redactor, const std::vector<std::string>& spellings,
                const std::string& body) {
  std::string clean = body;
  redactor.Clean(clean);
  for (const std::string& spelling : spellings) Check(!absl::StrContains(clean, spelling));
  std::string again = clean;
  redactor.Clean(again);
  Check(again == clean);
  const std::string excerpt = redactor.Excerpt(body, kLimit);
  Check(excerpt.size() <= kLimit && base::IsUtf8(excerpt));
  for (const std::string& spelling : spellings) Check(!absl::StrContains(excerpt, spelling));
}

// A key as the settings take it: graphic ASCII, as it stands in a header.
bool IsKey(absl::string_view text) {
  if (text.size() < kShortestSecret || text.size() > 200) return false;
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  // What stands in the place of a secret, and is no part of one.
  return !absl::StrContains("[redacted]", text.substr(0, 1)) &&
         !absl::StrContains("[redacted]", text.substr(text.size() - 1));
}

void CheckText(absl::string_view body) {
  const std::string excerpt = Excerpt(body, kLimit);
  Check(excerpt.size() <= kLimit && base::IsUtf8(excerpt));
  Check(!base::IsUtf8(body) || absl::StartsWith(body, excerpt));
  Check(Excerpt(excerpt, kLimit) == excerpt);
  Check(absl::StrContains(body, XmlElement(body, "code")));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::pair<std::string, std::string> parts = absl::StrSplit(bytes, absl::MaxSplits('\n', 1));
  CheckText(parts.second);
  if (!IsKey(parts.first)) return 0;
  Redactor redactor;
  redactor.Add(parts.first);
  const std::vector<std::string> spellings = Spellings(parts.first);
  for (const std::string& spelling : spellings) {
    const std::vector<absl::string_view> pieces = absl::StrSplit(parts.second, '@');
    std::string body(pieces[0]);
    for (size_t i = 1; i < pieces.size(); ++i) absl::StrAppend(&body, spelling, pieces[i]);
    CheckClean(redactor, spellings, body);
  }
  return 0;
}

}  // namespace satudata::targets
