#include "satudata/integration/options.h"

#include <utility>

#include "absl/status/status.h"
#include "clients/cpp/file.h"

namespace satudata::integration {

absl::StatusOr<Tls> TlsFromFiles(const std::string& ca_file, const std::string& certificate_file,
                                 const std::string& key_file) {
  Tls tls;
  for (const auto& [path, text] :
       {std::pair(&ca_file, &tls.ca), std::pair(&certificate_file, &tls.certificate),
        std::pair(&key_file, &tls.key)}) {
    if (path->empty()) continue;
    absl::StatusOr<std::string> read = ReadSmallFile(*path);
    if (!read.ok()) return read.status();
    *text = *std::move(read);
  }
  return tls;
}

}  // namespace satudata::integration
