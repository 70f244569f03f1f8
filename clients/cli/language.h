// File: language.h
//
// Which language the program speaks. The server words its failures itself, in the language that the calls ask
// for; here is only what the program says of its own accord. Pure functions.
#ifndef CLIENTS_CLI_LANGUAGE_H_
#define CLIENTS_CLI_LANGUAGE_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace satudata::cli {

enum class Language { kIndonesian, kEnglish };

// Reads an environment variable; nothing when it is not set.
using Variable = std::function<std::optional<std::string>(absl::string_view name)>;

// As LC_ALL, LC_MESSAGES or LANG say, in this order: English when the first that is set begins with `en`,
// otherwise Indonesian.
Language DetectLanguage(const Variable& variable);

// Nothing for anything but `id` and `en`.
std::optional<Language> ParseLanguage(absl::string_view code);

// `id` or `en`: what goes out as `accept-language`.
absl::string_view LanguageCode(Language language);

// The one of the two that is in `language`.
absl::string_view Say(Language language, absl::string_view indonesian, absl::string_view english);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_LANGUAGE_H_
