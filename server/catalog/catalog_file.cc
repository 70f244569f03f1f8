#include "server/catalog/catalog_file.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace satudata::catalog {

absl::string_view VerificationText(Verification verification) {
  switch (verification) {
    case Verification::kUnverified:
      return "Belum Verifikasi";
    case Verification::kVerified:
      return "Sudah Verifikasi";
    case Verification::kRefused:
      return "Ditolak";
  }
  return "Belum Verifikasi";
}

std::optional<Verification> ParseVerification(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  for (Verification candidate :
       {Verification::kUnverified, Verification::kVerified, Verification::kRefused}) {
    if (absl::EqualsIgnoreCase(text, VerificationText(candidate))) return candidate;
  }
  return std::nullopt;
}

const std::string& ContentPath(const CatalogFile& file) {
  return file.content_name.empty() ? file.file_name : file.content_name;
}

}  // namespace satudata::catalog
