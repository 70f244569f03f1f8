// File: options.h
//
// How a client reaches the service, and how long it waits.
#ifndef CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_OPTIONS_H_
#define CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_OPTIONS_H_

#include <optional>
#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "satudata/integration/token.h"

namespace satudata::integration {

enum class Language { kIndonesian, kEnglish };  // Of messages.

// PEM texts. Without `ca` the system's certificates are trusted; the other two where the server asks for
// them.
struct Tls {
  std::string ca;
  std::string certificate;
  std::string key;
};

// Reads the files; an empty path is an empty text. An error names the file.
absl::StatusOr<Tls> TlsFromFiles(const std::string& ca_file, const std::string& certificate_file = "",
                                 const std::string& key_file = "");

struct Deadlines {
  absl::Duration read = absl::Seconds(10);   // Default: 10 s for a call that reads, with its repetitions.
  absl::Duration write = absl::Seconds(30);  // Default: 30 s for one that changes something or asks a target.
  absl::Duration silence = absl::Seconds(45);  // Default: a stream without a sign of life for 45 s is dead.
};

struct ClientOptions {
  std::string address = "127.0.0.1:50051";  // Default: this machine. Host and port, as gRPC takes them.
  TokenProvider token;                      // Default: none; calls go out without.
  std::optional<Tls> tls;                   // Default: none; the connection is not encrypted.
  Language language = Language::kIndonesian;
  Deadlines deadlines;
  // Default: 64, some five minutes. Streams in a row that brought nothing, before a lost run is given up.
  int most_reconnects = 64;
};

// What one call may have of its own.
struct CallOptions {
  // Gives the call up: CANCELLED. Of a run it ends the watching, never the run: that is CancelRun.
  std::stop_token stop;
  std::optional<absl::Duration> deadline;  // Instead of the one for its kind. Not for runs and uploads.
  // Of the person for whom the call is made, instead of the client's; empty: the client's.
  std::string token;
  std::optional<Language> language;
};

}  // namespace satudata::integration

#endif  // CLIENTS_CPP_INCLUDE_SATUDATA_INTEGRATION_OPTIONS_H_
