// File: setting_table.h
//
// Every setting that the server has: its variable, what it says, what it is without it. The flag of
// `GRPC_LISTEN` is `--grpc-listen`; secrets have none, because command lines are read by others. Constant
// data.
#ifndef SERVER_MAIN_SETTING_TABLE_H_
#define SERVER_MAIN_SETTING_TABLE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace satudata::main {

enum class Exposure {
  kFlag,    // Flag and variable.
  kSecret,  // Variable, or `NAME_FILE` with the path of a file that holds it.
  kNotYet,  // Known to the documentation, not to this version: refused when it is set.
};

struct SettingRow {
  absl::string_view name;
  Exposure exposure;
  absl::string_view group;  // In --help.
  absl::string_view value;  // What it looks like: `HOST:PORT`.
  absl::string_view help;
  absl::string_view fallback;  // As a person would write it; empty: none.
};

absl::Span<const SettingRow> AllSettings();
// nullptr if there is none of that name.
const SettingRow* FindSetting(absl::string_view name);

std::string FlagName(absl::string_view name);  // `--grpc-listen` for GRPC_LISTEN.

}  // namespace satudata::main

#endif  // SERVER_MAIN_SETTING_TABLE_H_
