#include "server/tables/xls_texts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/tables/little_endian.h"

namespace satudata::tables {
namespace {

// Bytes that run on over the ends of records.
class ContinuedBytes {
 public:
  ContinuedBytes(const BiffRecord& first, BiffRecords& records) : record_(first), records_(records) {}

  // Skips what is left of the counts before.
  void SkipTo(size_t at) { at_ = at; }
  bool IsAtEndOfRecord() const { return at_ >= record_.bytes.size(); }

  // nullopt at the end of it all.
  absl::StatusOr<std::optional<uint32_t>> Number(size_t bytes) {
    uint32_t number = 0;
    for (size_t i = 0; i < bytes; ++i) {
      const absl::StatusOr<bool> more = HasMore();
      if (!more.ok()) return more.status();
      if (!*more) return std::optional<uint32_t>();
      number |= static_cast<uint32_t>(record_.U8(at_++)) << (8 * i);
    }
    return std::make_optional(number);
  }

  absl::Status Skip(size_t bytes) {
    while (bytes > 0) {
      const absl::StatusOr<bool> more = HasMore();
      if (!more.ok() || !*more) return more.status();
      const size_t step = std::min(bytes, record_.bytes.size() - at_);
      at_ += step;
      bytes -= step;
    }
    return absl::OkStatus();
  }

  // The characters of a text. Where a record ends within them the next one begins with their width.
  absl::Status Characters(size_t count, bool is_wide, std::u16string& units) {
    while (count > 0) {
      if (IsAtEndOfRecord()) {
        const absl::StatusOr<bool> more = HasMore();
        if (!more.ok() || !*more) return more.status();
        is_wide = (record_.U8(at_++) & 1U) != 0;
      }
      const size_t width = is_wide ? 2 : 1;
      const size_t fit = std::min(count, (record_.bytes.size() - at_) / width);
      for (size_t i = 0; i < fit; ++i, at_ += width) {
        units.push_back(is_wide ? record_.U16(at_) : record_.U8(at_));
      }
      count -= fit;
      // Half a character is left where the file lies.
      if (count > 0 && !IsAtEndOfRecord()) at_ = record_.bytes.size();
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<bool> HasMore() {
    while (IsAtEndOfRecord()) {
      absl::StatusOr<bool> more = records_.Next(record_);
      if (!more.ok() || !*more) return more;
      if (record_.type != BiffType::kContinue) {
        records_.Repeat();
        record_.bytes.clear();
        at_ = 0;
        return false;
      }
      at_ = 0;
    }
    return true;
  }

  BiffRecord record_;
  BiffRecords& records_;
  size_t at_ = 0;
};

struct TextHead {
  size_t characters = 0;
  bool is_wide = false;
  size_t runs = 0;       // Of a rich text, behind it.
  size_t phonetics = 0;  // Bytes of readings in other scripts, behind these.
};

// nullopt at the end.
absl::StatusOr<std::optional<TextHead>> TakeHead(ContinuedBytes& bytes) {
  uint32_t fields[4] = {};  // Characters, flags, runs, phonetics.
  const size_t widths[] = {2, 1, 2, 4};
  const uint32_t flag_of[] = {0, 0, 8, 4};
  for (size_t i = 0; i < 4; ++i) {
    if (flag_of[i] != 0 && (fields[1] & flag_of[i]) == 0) continue;
    const absl::StatusOr<std::optional<uint32_t>> number = bytes.Number(widths[i]);
    if (!number.ok()) return number.status();
    if (!number->has_value()) return std::optional<TextHead>();
    fields[i] = **number;
  }
  return std::make_optional(TextHead{fields[0], (fields[1] & 1U) != 0, fields[2], fields[3]});
}

// nullopt at the end.
absl::StatusOr<std::optional<std::string>> TakeText(ContinuedBytes& bytes, const TableLimits& limits) {
  constexpr size_t kRunBytes = 4;
  const absl::StatusOr<std::optional<TextHead>> found = TakeHead(bytes);
  if (!found.ok()) return found.status();
  if (!found->has_value()) return std::optional<std::string>();
  const TextHead& head = **found;
  std::u16string units;
  absl::Status taken = bytes.Characters(head.characters, head.is_wide, units);
  if (taken.ok()) taken = bytes.Skip(head.runs * kRunBytes + head.phonetics);
  if (!taken.ok()) return taken;
  std::string text = Utf16Text(units);
  return std::make_optional(text.size() > limits.max_cell_bytes ? TooLongText(limits) : std::move(text));
}

}  // namespace

absl::Status ReadXlsTexts(const BiffRecord& first, BiffRecords& records, const TableLimits& limits,
                          TextTable& texts) {
  constexpr size_t kCountsBytes = 8;
  const uint32_t count = first.U32(4);
  ContinuedBytes bytes(first, records);
  bytes.SkipTo(kCountsBytes);
  for (uint32_t i = 0; i < count; ++i) {
    const absl::StatusOr<std::optional<std::string>> text = TakeText(bytes, limits);
    if (!text.ok()) return text.status();
    if (!text->has_value()) return absl::OkStatus();
    if (absl::Status added = texts.Add(**text); !added.ok()) return added;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadXlsText(const BiffRecord& first, BiffRecords& records,
                                        const TableLimits& limits) {
  ContinuedBytes bytes(first, records);
  absl::StatusOr<std::optional<std::string>> text = TakeText(bytes, limits);
  if (!text.ok()) return text.status();
  return (*std::move(text)).value_or("");
}

}  // namespace satudata::tables
