#include "server/rpc/text.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace satudata::rpc {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";
constexpr absl::string_view kEllipsis = "\xE2\x80\xA6";

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

size_t LengthByLead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// Of the well-formed character at the head of `text`; 0 if there is none (RFC 3629).
size_t CharacterLength(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = LengthByLead(lead);
  if (length <= 1 || text.size() < length) return length == 1 ? 1 : 0;
  if (!std::all_of(text.begin() + 1, text.begin() + length, IsContinuation)) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool beyond = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
  return overlong || beyond ? 0 : length;
}

}  // namespace

std::string Utf8(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    const absl::string_view next = length == 0 ? kReplacement : text.substr(0, length);
    out.append(next.data(), next.size());
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return out;
}

std::string Shortened(absl::string_view text, size_t limit) {
  // A byte may become a replacement of three: more than `limit` bytes are never needed.
  std::string out = Utf8(text.substr(0, limit + 1));
  if (out.size() <= limit) return out;
  size_t end = limit > kEllipsis.size() ? limit - kEllipsis.size() : 0;
  while (end > 0 && IsContinuation(out[end])) --end;
  out.resize(end);
  out.append(kEllipsis.data(), kEllipsis.size());
  return out;
}

bool IsPlainText(absl::string_view text) {
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const size_t length = CharacterLength(text);
    if (length == 0 || lead < 0x20 || lead == 0x7F) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace satudata::rpc
