#include "server/main/setting_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/main/text_file.h"

namespace satudata::main {

std::optional<std::string> SettingReader::Text(absl::string_view name) {
  auto found = sources_.Find(name);
  if (!found) return std::nullopt;
  return std::move(found->value);
}

std::optional<absl::Duration> SettingReader::Duration(absl::string_view name) {
  const std::optional<std::string> text = Text(name);
  if (!text) return std::nullopt;
  absl::Duration duration;
  if (absl::ParseDuration(*text, &duration) && duration >= absl::ZeroDuration() &&
      duration < absl::InfiniteDuration()) {
    return duration;
  }
  Complain(name, absl::StrCat("\"", *text, "\" is not a duration; write it like 500ms, 10s or 10m"));
  return std::nullopt;
}

std::optional<int> SettingReader::Count(absl::string_view name) {
  const std::optional<std::string> text = Text(name);
  if (!text) return std::nullopt;
  int count = 0;
  if (absl::SimpleAtoi(*text, &count) && count >= 1) return count;
  Complain(name, absl::StrCat("\"", *text, "\" is not a count; write a whole number from 1"));
  return std::nullopt;
}

std::optional<double> SettingReader::Rate(absl::string_view name) {
  const std::optional<std::string> text = Text(name);
  if (!text) return std::nullopt;
  double rate = 0;
  if (absl::SimpleAtod(*text, &rate) && rate >= 0 && rate <= 1e6) return rate;
  Complain(name, absl::StrCat("\"", *text, "\" is not a rate; write requests per second, like 0.2 or 10"));
  return std::nullopt;
}

std::optional<Switch> SettingReader::OnOff(absl::string_view name) {
  const std::optional<std::string> text = Text(name);
  if (!text) return std::nullopt;
  for (const char* on : {"on", "true", "yes", "1"}) {
    if (absl::EqualsIgnoreCase(*text, on)) return Switch::kOn;
  }
  for (const char* off : {"off", "false", "no", "0"}) {
    if (absl::EqualsIgnoreCase(*text, off)) return Switch::kOff;
  }
  Complain(name, absl::StrCat("\"", *text, "\" is neither; write on or off"));
  return std::nullopt;
}

std::optional<ListenAddress> SettingReader::Address(absl::string_view name) {
  const std::optional<std::string> text = Text(name);
  if (!text) return std::nullopt;
  std::optional<ListenAddress> address = ParseListenAddress(*text);
  if (!address)
    Complain(name, absl::StrCat("\"", *text, "\" is not an address; write it like 127.0.0.1:50051"));
  return address;
}

std::optional<std::string> SettingReader::File(absl::string_view name) {
  const std::optional<std::string> path = Text(name);
  if (!path) return std::nullopt;
  absl::StatusOr<std::string> text = ReadTextFile(*path);
  if (!text.ok()) {
    Complain(name, absl::StrCat(text.status().message(), "; name a file that this user may read"));
    return std::nullopt;
  }
  // An empty file is a mishap (a secret not filled in, a write cut short), never a way to say nothing.
  if (!absl::StripAsciiWhitespace(*text).empty()) return *std::move(text);
  Complain(name, absl::StrCat(*path, " is empty; fill it, or unset this"));
  return std::nullopt;
}

std::optional<Secret> SettingReader::Key(absl::string_view name) {
  const std::string file_name = absl::StrCat(name, "_FILE");
  const std::optional<std::string> value = Text(name);
  const std::optional<std::string> path = Text(file_name);
  if (value && path) {
    Complain(file_name, absl::StrCat("set beside ", name, "; keep one of the two"));
    return std::nullopt;
  }
  if (value && !IsUsableKey(*value)) {
    Complain(name, "holds more than one line, or control characters; a key is one line");
    return std::nullopt;
  }
  if (value) return FixedSecret(*value);
  if (!path) return std::nullopt;
  absl::StatusOr<Secret> secret = FileSecret(*path, clock_);
  if (secret.ok()) return *std::move(secret);
  Complain(file_name, absl::StrCat(secret.status().message(), "; name a file that holds the key"));
  return std::nullopt;
}

void SettingReader::Complain(absl::string_view name, absl::string_view what) {
  if (!status_.ok()) return;
  const auto found = sources_.Find(name);
  std::string text = absl::StrCat(found ? found->origin : std::string(name), ": ", what);
  // A parser quotes what it stumbles over, be it the end of a line: one line is promised.
  std::replace_if(text.begin(), text.end(), absl::ascii_iscntrl, ' ');
  status_ = absl::InvalidArgumentError(text);
}

}  // namespace satudata::main
