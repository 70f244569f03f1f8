#include "clients/cli/database_url.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "clients/cli/text.h"
#include "clients/cpp/file.h"
#include "server/base/env_file.h"

namespace satudata::cli {
namespace {

using Variables = std::map<std::string, std::string>;

absl::StatusOr<Variables> ReadEnvFile(const std::string& path) {
  if (path.empty()) return Variables();
  const absl::StatusOr<std::string> text = integration::ReadSmallFile(path);
  absl::StatusOr<Variables> variables =
      text.ok() ? base::ParseEnvFile(*text) : absl::StatusOr<Variables>(text.status());
  if (variables.ok()) return variables;
  return absl::InvalidArgumentError(
      absl::StrCat("--env-file ", Printable(path), ": ", Printable(variables.status().message())));
}

}  // namespace

absl::StatusOr<std::string> FindDatabaseUrl(const DatabaseChoice& choice, const Settings& settings,
                                            const Surroundings& surroundings) {
  if (!choice.url.empty()) return choice.url;
  absl::StatusOr<Variables> from_file = ReadEnvFile(choice.env_file);
  if (!from_file.ok()) return from_file.status();
  const auto find = [&](const std::string& name) {
    const std::string value = surroundings.variable(name).value_or("");
    return value.empty() ? (*from_file)[name] : value;
  };
  if (const std::string url = find("DATABASE_URL"); !url.empty()) return url;
  if (find("CONFIG_FILE").empty()) return absl::StrCat("sqlite:///", settings.data_dir, "/integration.db");
  return absl::InvalidArgumentError(
      std::string(Say(settings.language,
                      "basis data mana? CONFIG_FILE tidak dibaca di sini; atur DATABASE_URL seperti di sana",
                      "which database? CONFIG_FILE is not read here; set DATABASE_URL as it is there")));
}

}  // namespace satudata::cli
