#include "server/tables/xlsx_texts.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "server/base/text_encoding.h"
#include "server/tables/xml_entry.h"

namespace satudata::tables {
namespace {

enum class Place { kNowhere, kDocument, kTexts, kItem, kRun, kText };
constexpr XmlPath<Place>::Step kSteps[] = {
    {Place::kDocument, "sst", Place::kTexts}, {Place::kTexts, "si", Place::kItem},
    {Place::kItem, "t", Place::kText},        {Place::kItem, "r", Place::kRun},
    {Place::kRun, "t", Place::kText},
};

class TextsHandler final : public XmlHandler {
 public:
  TextsHandler(const TableLimits& limits, TextTable& texts) : limits_(limits), texts_(texts) {}

  void OnStart(absl::string_view name, const XmlAttributes&) override {
    if (path_.Enter(name) == Place::kItem) text_.clear();
  }
  void OnEnd() override {
    if (path_.Leave() != Place::kItem) return;
    const absl::Status added = texts_.Add(TextOfCell(text_, limits_));
    if (!added.ok()) Fail(added);
  }
  void OnText(absl::string_view piece) override {
    if (path_.here() == Place::kText) AppendUpTo(limits_.max_cell_bytes, piece, text_);
  }

 private:
  const TableLimits& limits_;
  TextTable& texts_;
  XmlPath<Place> path_{kSteps, Place::kDocument};
  std::string text_;
};

constexpr size_t kEscapeBytes = 7;  // _x000D_

bool IsEscape(absl::string_view text) {
  if (text.size() < kEscapeBytes || text[0] != '_' || text[1] != 'x' || text[6] != '_') return false;
  return std::all_of(text.begin() + 2, text.begin() + 6, absl::ascii_isxdigit);
}

}  // namespace

absl::Status ReadXlsxTexts(ZipArchive& archive, absl::string_view part, const TableLimits& limits,
                           TextTable& texts) {
  TextsHandler handler(limits, texts);
  return ReadXml(archive, part, handler, limits);
}

std::string Unescaped(absl::string_view text) {
  std::string out;
  while (!text.empty()) {
    uint32_t code = 0;
    if (IsEscape(text) && absl::SimpleHexAtoi(text.substr(2, 4), &code)) {
      base::AppendUtf8(code, out);
      text.remove_prefix(kEscapeBytes);
    } else {
      out.push_back(text[0]);
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string TextOfCell(const std::string& gathered, const TableLimits& limits) {
  // What is cut off must not pass for whole once it is unescaped or its blanks are gone.
  if (gathered.size() > limits.max_cell_bytes) return TooLongText(limits);
  return absl::StrContains(gathered, "_x") ? Unescaped(gathered) : gathered;
}

void AppendUpTo(size_t max, absl::string_view piece, std::string& text) {
  const size_t room = max + 1 - std::min(text.size(), max + 1);
  const absl::string_view fits = piece.substr(0, room);
  text.append(fits.data(), fits.size());
}

}  // namespace satudata::tables
