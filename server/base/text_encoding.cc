#include "server/base/text_encoding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace satudata::base {
namespace {

// What Windows-1252 puts where Latin-1 has control characters, 0x80 to 0x9F.
constexpr std::array<uint16_t, 32> kUpperControls = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

// A well-formed sequence is a lead byte in one of these ranges, a second byte within its bounds, and
// continuations.
struct Lead {
  uint8_t first;
  uint8_t last;
  size_t length;
  uint8_t second_first;
  uint8_t second_last;
};
constexpr Lead kLeads[] = {
    {0x00, 0x7F, 1, 0, 0},       {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F}};

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0U) == 0x80U; }

// Length of the well-formed sequence at the head of `text`, which is not empty; 0 if there is none.
size_t SequenceLength(absl::string_view text) {
  const auto byte = static_cast<uint8_t>(text[0]);
  const auto* lead = std::find_if(std::begin(kLeads), std::end(kLeads),
                                  [byte](const Lead& l) { return byte >= l.first && byte <= l.last; });
  if (lead == std::end(kLeads) || text.size() < lead->length) return 0;
  if (lead->length == 1) return 1;
  const auto second = static_cast<uint8_t>(text[1]);
  if (second < lead->second_first || second > lead->second_last) return 0;
  const absl::string_view rest = text.substr(2, lead->length - 2);
  return std::all_of(rest.begin(), rest.end(), IsContinuation) ? lead->length : 0;
}

// Beyond the ASCII bytes at the head of `text`, eight at a time: most text has no others.
absl::string_view BehindAscii(absl::string_view text) {
  constexpr uint64_t kUpperBits = 0x8080808080808080U;
  while (text.size() >= sizeof(uint64_t)) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, text.data(), sizeof(bytes));
    if ((bytes & kUpperBits) != 0) break;
    text.remove_prefix(sizeof(bytes));
  }
  return text;
}

}  // namespace

void AppendUtf8(uint32_t code, std::string& out) {
  const bool is_surrogate = code >= 0xD800 && code < 0xE000;
  if (is_surrogate || code > 0x10FFFF) code = 0xFFFD;
  const auto push = [&out](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    push(code);
    return;
  }
  if (code < 0x800) {
    push(0xC0U | (code >> 6U));
  } else {
    push(code < 0x10000 ? 0xE0U | (code >> 12U) : 0xF0U | (code >> 18U));
    if (code >= 0x10000) push(0x80U | ((code >> 12U) & 0x3FU));
    push(0x80U | ((code >> 6U) & 0x3FU));
  }
  push(0x80U | (code & 0x3FU));
}

bool IsUtf8(absl::string_view text) {
  text = BehindAscii(text);
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
    if (length == 1) text = BehindAscii(text);
  }
  return true;
}

std::string ToUtf8(std::string text) {
  if (IsUtf8(text)) return text;
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    const bool upper_control = byte >= 0x80 && byte < 0xA0;
    AppendUtf8(upper_control ? kUpperControls[byte - 0x80U] : byte, out);
  }
  return out;
}

}  // namespace satudata::base
