#include "server/catalog/messages.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/catalog/number.h"
#include "server/catalog/reason_table.h"

namespace satudata::catalog {
namespace {

// `in` is the code that Indonesian had before 1989; old browsers still send it.
std::optional<Language> LanguageOfTag(absl::string_view tag) {
  const absl::string_view primary = tag.substr(0, tag.find('-'));
  if (absl::EqualsIgnoreCase(primary, "id") || absl::EqualsIgnoreCase(primary, "in")) {
    return Language::kIndonesian;
  }
  if (absl::EqualsIgnoreCase(primary, "en")) return Language::kEnglish;
  return std::nullopt;
}

// The weight after `;q=`; 1 where there is none, 0 (never wanted) where it is not a number.
double WeightOf(absl::string_view parameters) {
  for (absl::string_view parameter : absl::StrSplit(parameters, ';')) {
    parameter = absl::StripAsciiWhitespace(parameter);
    if (!absl::ConsumePrefix(&parameter, "q=") && !absl::ConsumePrefix(&parameter, "Q=")) continue;
    double weight = 0;
    return absl::SimpleAtod(parameter, &weight) ? weight : 0;
  }
  return 1;
}

enum class Gaps { kNone, kSome };

struct Worded {
  std::string text;
  Gaps gaps = Gaps::kNone;  // Whether an argument was missing or empty.
};

// `54.852` as `54,852`; what is no canonical decimal stays as it is.
std::string WithDecimalComma(std::string text) {
  if (text == CanonicalDecimal(text)) std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

// The words for one place (`value`, `value|decimal`); nullopt if its argument is missing.
std::optional<std::string> FillPlace(absl::string_view place, const FailureArgs& args) {
  const bool decimal = absl::ConsumeSuffix(&place, "|decimal");
  const auto arg = args.find(std::string(place));
  if (arg == args.end()) return std::nullopt;
  return decimal ? WithDecimalComma(arg->second) : arg->second;
}

// Puts arguments in the places of `text`, which has no brackets, and `missing` where there is none. One pass:
// what an argument says is never read as a place.
Worded FillPlaces(absl::string_view text, const FailureArgs& args, const char* missing) {
  Worded worded;
  while (true) {
    const size_t open = text.find('{');
    worded.text.append(text.data(), std::min(open, text.size()));
    if (open == absl::string_view::npos) return worded;
    const size_t close = text.find('}', open);
    const std::optional<std::string> words = FillPlace(text.substr(open + 1, close - open - 1), args);
    if (words.value_or("").empty()) worded.gaps = Gaps::kSome;
    worded.text.append(words.value_or(missing));
    text.remove_prefix(close + 1);
  }
}

std::string Fill(absl::string_view text, const FailureArgs& args, const char* missing) {
  std::string out;
  while (!text.empty()) {
    const size_t open = std::min(text.find('['), text.size());
    out.append(FillPlaces(text.substr(0, open), args, missing).text);
    if (open == text.size()) break;
    const size_t close = text.find(']', open);
    const Worded optional_part = FillPlaces(text.substr(open + 1, close - open - 1), args, missing);
    if (optional_part.gaps == Gaps::kNone) out.append(optional_part.text);
    text.remove_prefix(close + 1);
  }
  return out;
}

absl::string_view TextOf(Reason reason, Language language) {
  const ReasonRow* row = FindReasonRow(reason);
  if (row == nullptr) return "";
  return language == Language::kEnglish ? row->english : row->indonesian;
}

// Where the cell is that a failure speaks of, before all else: who mends it goes there first.
std::string PlaceOf(const FailureArgs& args, Language language) {
  const bool is_english = language == Language::kEnglish;
  return Fill(is_english ? "[Cell {cell}][ of sheet \"{sheet}\"]: " : "[Sel {cell}][ lembar \"{sheet}\"]: ",
              args, "");
}

}  // namespace

Language ParseLanguage(absl::string_view accept_language) {
  Language best = Language::kIndonesian;
  double best_weight = 0;
  for (absl::string_view range : absl::StrSplit(accept_language, ',')) {
    const size_t end = std::min(range.find(';'), range.size());
    const std::optional<Language> language = LanguageOfTag(absl::StripAsciiWhitespace(range.substr(0, end)));
    if (!language.has_value()) continue;
    const double weight = WeightOf(absl::ClippedSubstr(range, end + 1));
    if (weight > best_weight) {
      best = *language;
      best_weight = weight;
    }
  }
  return best;
}

std::string WordFailure(const Failure& failure, Language language) {
  const std::string text = Fill(TextOf(failure.reason, language), failure.args, "?");
  const bool has_cell = !text.empty() && failure.args.find("cell") != failure.args.end();
  return has_cell ? PlaceOf(failure.args, language) + text : text;
}

std::string WordReason(Reason reason, Language language) {
  return Fill(TextOf(reason, language), FailureArgs(), "…");
}

}  // namespace satudata::catalog
