// File: settings.h
//
// The global flags, after the command line and the environment were read.
#ifndef CLIENTS_CLI_SETTINGS_H_
#define CLIENTS_CLI_SETTINGS_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "clients/cli/language.h"

namespace satudata::cli {

enum class OutputFormat { kText, kJson };
enum class ColourUse { kAutomatic, kNever };
enum class Transport { kPlaintext, kTls };

struct Settings {
  std::string server = "127.0.0.1:50051";
  std::string token;       // Empty: `token_file`, or one that is made from the local secret.
  std::string token_file;  // Read for every call, so that a renewed token is found.
  std::string data_dir = "data";
  OutputFormat output = OutputFormat::kText;
  ColourUse colour = ColourUse::kAutomatic;
  Language language = Language::kIndonesian;
  Transport transport = Transport::kPlaintext;
  std::string ca_file;  // Empty: the system's certificates.
  std::string client_certificate_file;
  std::string client_key_file;
  absl::Duration timeout = absl::Seconds(30);  // Of each call that is not a stream.
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_SETTINGS_H_
