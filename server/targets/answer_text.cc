#include "server/targets/answer_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace satudata::targets {
namespace {

using Json = nlohmann::json;

// A page says what it is at its beginning, after at most a comment or two.
constexpr size_t kSniffedBytes = 1024;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";

unsigned char ByteAt(absl::string_view text, size_t i) { return static_cast<unsigned char>(text[i]); }

bool IsContinuation(absl::string_view text, size_t i) {
  return i < text.size() && (ByteAt(text, i) & 0xC0U) == 0x80U;
}

// The length of the well-formed UTF-8 character at `i`, 0 if there is none (RFC 3629, table 3-7 of Unicode).
size_t CharacterLength(absl::string_view text, size_t i) {
  const unsigned char first = ByteAt(text, i);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xC2 && first < 0xE0 ? 2 : (first & 0xF0U) == 0xE0 ? 3 : 4;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (size_t k = 1; k < length; ++k) {
    if (!IsContinuation(text, i + k)) return 0;
  }
  const unsigned char second = ByteAt(text, i + 1);
  const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool is_beyond = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
  return is_overlong || is_beyond ? 0 : length;
}

// Of a text that is JSON; of any other it does not matter.
bool IsTooDeep(absl::string_view text) {
  constexpr int kMostDepth = 100;  // No answer that we know is ten deep.
  int depth = 0;
  bool is_quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_quoted) {
      if (c == '\\') ++i;
      is_quoted = c != '"';
    } else if (c == '"') {
      is_quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMostDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

size_t AsciiLength(absl::string_view text) {
  const auto end =
      std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return static_cast<size_t>(end - text.begin());
}

// Finds the `<prefix:name ...>` or `<name ...>` at or after `from`; npos if there is none. `content` is where
// what it holds begins.
size_t FindOpeningTag(absl::string_view xml, absl::string_view name, size_t from, size_t& content) {
  for (size_t at = xml.find('<', from); at != absl::string_view::npos; at = xml.find('<', at + 1)) {
    const size_t end = xml.find('>', at);
    if (end == absl::string_view::npos) return absl::string_view::npos;
    absl::string_view tag = xml.substr(at + 1, end - at - 1);
    if (absl::EndsWith(tag, "/")) continue;
    tag = tag.substr(0, tag.find_first_of(" \t\r\n"));
    if (const size_t colon = tag.find(':'); colon != absl::string_view::npos) tag.remove_prefix(colon + 1);
    if (tag != name) continue;
    content = end + 1;
    return at;
  }
  return absl::string_view::npos;
}

}  // namespace

bool LooksLikeHtml(absl::string_view text) {
  absl::ConsumePrefix(&text, kByteOrderMark);
  text = absl::StripLeadingAsciiWhitespace(text);
  if (!absl::StartsWith(text, "<")) return false;
  const std::string head = absl::AsciiStrToLower(text.substr(0, kSniffedBytes));
  return absl::StrContains(head, "<!doctype html") || absl::StrContains(head, "<html") ||
         absl::StrContains(head, "<head") || absl::StrContains(head, "<body");
}

Json ParseJson(absl::string_view text) {
  if (IsTooDeep(text)) return Json(Json::value_t::discarded);
  return Json::parse(text.begin(), text.end(), /*cb=*/nullptr, /*allow_exceptions=*/false);
}

std::string TextMember(const Json& object, absl::string_view name) {
  if (!object.is_object()) return "";
  const auto member = object.find(std::string(name));
  if (member == object.end()) return "";
  if (member->is_string()) return member->get<std::string>();
  if (member->is_number() || member->is_boolean()) return member->dump();
  return "";
}

std::string XmlElement(absl::string_view xml, absl::string_view local_name) {
  size_t content = 0;
  if (FindOpeningTag(xml, local_name, 0, content) == absl::string_view::npos) return "";
  const size_t end = xml.find('<', content);
  if (end == absl::string_view::npos) return "";
  return std::string(absl::StripAsciiWhitespace(xml.substr(content, end - content)));
}

std::string Excerpt(absl::string_view text, size_t limit) {
  std::string excerpt;
  excerpt.reserve(std::min(text.size(), limit));
  for (size_t i = 0; i < text.size();) {
    const size_t plain = std::min(AsciiLength(text.substr(i)), limit - excerpt.size());
    excerpt.append(text.data() + i, plain);
    i += plain;
    if (i == text.size() || excerpt.size() == limit) break;
    const size_t length = CharacterLength(text, i);
    const absl::string_view piece = length == 0 ? kReplacement : text.substr(i, length);
    if (excerpt.size() + piece.size() > limit) break;
    absl::StrAppend(&excerpt, piece);
    i += std::max<size_t>(1, length);
  }
  return excerpt;
}

}  // namespace satudata::targets
