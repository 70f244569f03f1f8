#include "clients/cli/text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace satudata::cli {
namespace {

constexpr uint32_t kInvalid = 0xFFFFFFFF;
constexpr absl::string_view kEllipsis = "…";

struct CodePoint {
  uint32_t value;  // kInvalid: one byte that is not UTF-8.
  size_t size;
};

struct Range {
  uint32_t first;
  uint32_t last;
};

// How many bytes a sequence has, by its first one; 0 for a byte that cannot begin one.
size_t SequenceSize(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

bool IsOverlongOrSurrogate(uint32_t value, size_t size) {
  if (size == 3 && (value < 0x800 || (value >= 0xD800 && value <= 0xDFFF))) return true;
  return size == 4 && (value < 0x10000 || value > 0x10FFFF);
}

// `text` is not empty.
CodePoint Decode(absl::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t size = SequenceSize(first);
  if (size == 0 || size > text.size()) return {kInvalid, 1};
  if (size == 1) return {first, 1};
  uint32_t value = first & (0x7F >> size);
  for (size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {kInvalid, 1};
    value = (value << 6) | (next & 0x3F);
  }
  if (IsOverlongOrSurrogate(value, size)) return {kInvalid, 1};
  return {value, size};
}

template <size_t kSize>
bool InRanges(uint32_t value, const std::array<Range, kSize>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [value](const Range& range) { return value >= range.first && value <= range.last; });
}

// Moves the cursor, changes the direction of what follows, or is invisible while it separates.
bool IsObeyed(uint32_t value) {
  constexpr std::array<Range, 7> kObeyed = {{{0x00, 0x1F},
                                             {0x7F, 0x9F},
                                             {0x061C, 0x061C},
                                             {0x200E, 0x200F},
                                             {0x2028, 0x202E},
                                             {0x2066, 0x2069},
                                             {0xFEFF, 0xFEFF}}};
  return InRanges(value, kObeyed);
}

int ColumnsOf(uint32_t value) {
  constexpr std::array<Range, 6> kNone = {{{0x0300, 0x036F},
                                           {0x0483, 0x0489},
                                           {0x0591, 0x05BD},
                                           {0x200B, 0x200D},
                                           {0x20D0, 0x20FF},
                                           {0xFE00, 0xFE0F}}};
  constexpr std::array<Range, 7> kWide = {{{0x1100, 0x115F},
                                           {0x2E80, 0xA4CF},
                                           {0xAC00, 0xD7A3},
                                           {0xF900, 0xFAFF},
                                           {0xFF00, 0xFF60},
                                           {0x1F300, 0x1FAFF},
                                           {0x20000, 0x3FFFD}}};
  if (InRanges(value, kNone)) return 0;
  return InRanges(value, kWide) ? 2 : 1;
}

std::string Visible(CodePoint point, char byte) {
  if (point.value == kInvalid) return absl::StrFormat("\\x%02x", static_cast<unsigned char>(byte));
  if (point.value < 0x100) return absl::StrFormat("\\x%02x", point.value);
  return absl::StrFormat("\\u%04x", point.value);
}

enum class LineEnds { kFlatten, kKeep };

std::string MakePrintable(absl::string_view text, LineEnds line_ends) {
  std::string printable;
  printable.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = Decode(text);
    const bool blank = point.value == '\n' || point.value == '\t' || point.value == '\r';
    if (blank && line_ends == LineEnds::kFlatten) {
      printable.push_back(' ');
    } else if (blank && point.value != '\r') {
      printable.push_back(text[0]);
    } else if (point.value == kInvalid || IsObeyed(point.value)) {
      printable += Visible(point, text[0]);
    } else {
      absl::StrAppend(&printable, text.substr(0, point.size));
    }
    text.remove_prefix(point.size);
  }
  return printable;
}

std::string Blanks(int columns) { return std::string(std::max(columns, 0), ' '); }

}  // namespace

std::string Printable(absl::string_view text) { return MakePrintable(text, LineEnds::kFlatten); }

std::string PrintableLines(absl::string_view text) { return MakePrintable(text, LineEnds::kKeep); }

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const CodePoint point = Decode(text);
    if (point.value == kInvalid) return false;
    text.remove_prefix(point.size);
  }
  return true;
}

int DisplayWidth(absl::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    const CodePoint point = Decode(text);
    columns += ColumnsOf(point.value);
    text.remove_prefix(point.size);
  }
  return columns;
}

std::string Fit(absl::string_view text, int columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  if (columns < 1) return "";
  int used = 0;
  size_t bytes = 0;
  while (bytes < text.size()) {
    const CodePoint point = Decode(text.substr(bytes));
    if (used + ColumnsOf(point.value) > columns - 1) break;
    used += ColumnsOf(point.value);
    bytes += point.size;
  }
  return absl::StrCat(text.substr(0, bytes), kEllipsis);
}

std::string PadRight(absl::string_view text, int columns) {
  return absl::StrCat(text, Blanks(columns - DisplayWidth(text)));
}

std::string PadLeft(absl::string_view text, int columns) {
  return absl::StrCat(Blanks(columns - DisplayWidth(text)), text);
}

std::string Wrap(absl::string_view text, absl::string_view indent, int columns) {
  const int room = std::max(columns - DisplayWidth(indent), 20);
  std::string wrapped;
  std::string line;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (!line.empty() && DisplayWidth(line) + 1 + DisplayWidth(word) > room) {
      absl::StrAppend(&wrapped, indent, line, "\n");
      line.clear();
    }
    absl::StrAppend(&line, line.empty() ? "" : " ", word);
  }
  if (!line.empty()) absl::StrAppend(&wrapped, indent, line, "\n");
  return wrapped;
}

std::string FormatCount(int64_t count, Language language) {
  std::string digits = absl::StrCat(count);
  const absl::string_view separator = Say(language, ".", ",");
  const int first = count < 0 ? 1 : 0;
  for (int at = static_cast<int>(digits.size()) - 3; at > first; at -= 3) {
    digits.insert(at, separator.data(), separator.size());
  }
  return digits;
}

std::string FormatElapsed(absl::Duration duration) {
  const int64_t seconds = std::max<int64_t>(absl::ToInt64Seconds(duration), 0);
  if (seconds < 3600) return absl::StrFormat("%d:%02d", seconds / 60, seconds % 60);
  return absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace satudata::cli
