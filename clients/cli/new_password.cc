#include "clients/cli/new_password.h"

#include <istream>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cpp/file.h"

namespace satudata::cli {
namespace {

absl::StatusOr<std::string> NotEmpty(absl::string_view line, Language language) {
  absl::ConsumeSuffix(&line, "\r");
  if (!line.empty()) return std::string(line);
  return absl::InvalidArgumentError(Say(language, "kata sandi kosong", "the password is empty"));
}

absl::StatusOr<std::string> FromFile(absl::string_view path, Language language) {
  const absl::StatusOr<std::string> text = integration::ReadSmallFile(path);
  if (!text.ok()) return absl::InvalidArgumentError(text.status().message());
  return NotEmpty(absl::string_view(*text).substr(0, text->find('\n')), language);
}

std::optional<std::string> Ask(const Surroundings& surroundings, absl::string_view prompt) {
  *surroundings.err << prompt << std::flush;
  std::optional<std::string> line = surroundings.hidden_line();
  *surroundings.err << "\n" << std::flush;
  return line;
}

absl::StatusOr<std::string> FromTerminal(const Surroundings& surroundings, Language language) {
  const auto first = Ask(surroundings, Say(language, "Kata sandi baru: ", "New password: "));
  if (!first) return absl::CancelledError("no password");
  const auto second = Ask(surroundings, Say(language, "Sekali lagi: ", "Once more: "));
  if (!second) return absl::CancelledError("no password");
  if (*first == *second) return NotEmpty(*first, language);
  return absl::InvalidArgumentError(Say(language, "kedua kata sandi tidak sama", "the two passwords differ"));
}

}  // namespace

absl::StatusOr<std::string> ReadNewPassword(absl::string_view file, const Surroundings& surroundings,
                                            Language language) {
  if (!file.empty()) return FromFile(file, language);
  if (surroundings.hidden_line != nullptr) return FromTerminal(surroundings, language);
  std::string line;
  std::getline(*surroundings.in, line);
  return NotEmpty(line, language);
}

}  // namespace satudata::cli
