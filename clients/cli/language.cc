#include "clients/cli/language.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace satudata::cli {

Language DetectLanguage(const Variable& variable) {
  for (absl::string_view name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::optional<std::string> value = variable(name);
    if (!value.has_value() || value->empty()) continue;
    return absl::StartsWithIgnoreCase(*value, "en") ? Language::kEnglish : Language::kIndonesian;
  }
  return Language::kIndonesian;
}

std::optional<Language> ParseLanguage(absl::string_view code) {
  if (absl::EqualsIgnoreCase(code, "id")) return Language::kIndonesian;
  if (absl::EqualsIgnoreCase(code, "en")) return Language::kEnglish;
  return std::nullopt;
}

absl::string_view LanguageCode(Language language) { return Say(language, "id", "en"); }

absl::string_view Say(Language language, absl::string_view indonesian, absl::string_view english) {
  return language == Language::kEnglish ? english : indonesian;
}

}  // namespace satudata::cli
