// File: setting_reader.h
//
// Reads settings one by one and remembers the first that is wrong, so that whoever reads twenty of them
// checks once. Not thread-safe.
#ifndef SERVER_MAIN_SETTING_READER_H_
#define SERVER_MAIN_SETTING_READER_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/main/listen_address.h"
#include "server/main/secret.h"
#include "server/main/setting_sources.h"

namespace satudata::main {

enum class Switch { kOff, kOn };

class SettingReader {
 public:
  // Both must outlive the reader.
  SettingReader(const SettingSources& sources, base::Clock& clock) : sources_(sources), clock_(clock) {}

  // Each reads the setting of that name, which is in the table. nullopt when nobody set it or, with status(),
  // when it is wrong.
  std::optional<std::string> Text(absl::string_view name);
  std::optional<absl::Duration> Duration(absl::string_view name);
  std::optional<int> Count(absl::string_view name);    // 1 or more.
  std::optional<double> Rate(absl::string_view name);  // 0 or more.
  std::optional<Switch> OnOff(absl::string_view name);
  std::optional<ListenAddress> Address(absl::string_view name);
  // The text of the file that the setting names.
  std::optional<std::string> File(absl::string_view name);
  // From `NAME` or `NAME_FILE`.
  std::optional<Secret> Key(absl::string_view name);

  // Records a complaint about a setting; the first one stays. `origin` empty: the setting's name.
  void Complain(absl::string_view name, absl::string_view what);
  const absl::Status& status() const { return status_; }

 private:
  const SettingSources& sources_;
  base::Clock& clock_;
  absl::Status status_;
};

}  // namespace satudata::main

#endif  // SERVER_MAIN_SETTING_READER_H_
