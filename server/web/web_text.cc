#include "server/web/web_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "server/catalog/failure.h"

namespace satudata::web {
namespace {

constexpr size_t kGroup = 4;  // Characters that stand for up to three bytes.

bool IsDigit(char c) { return absl::ascii_isalnum(c) || c == '+' || c == '/'; }

// Up to and including the first group with padding.
absl::string_view FirstPiece(absl::string_view text) {
  const size_t padding = text.find('=');
  if (padding == absl::string_view::npos) return text;
  return text.substr(0, std::min(text.size(), (padding / kGroup + 1) * kGroup));
}

// Adds the bytes of a piece; false if it is none.
bool AppendPiece(absl::string_view piece, std::string* bytes) {
  const absl::string_view digits = piece.substr(0, piece.find('='));
  if (piece.size() % kGroup != 0 || piece.size() - digits.size() > 2) return false;
  // absl would pass over blanks and take the other alphabet's padding.
  if (!std::all_of(digits.begin(), digits.end(), IsDigit)) return false;
  std::string decoded;
  if (!absl::Base64Unescape(piece, &decoded)) return false;
  bytes->append(decoded);
  return true;
}

}  // namespace

std::string EncodeText(absl::string_view bytes) { return absl::Base64Escape(bytes); }

absl::StatusOr<std::string> DecodeText(absl::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const absl::string_view piece = FirstPiece(text);
    if (!AppendPiece(piece, &bytes)) {
      return catalog::FailureStatus(
          absl::StatusCode::kInvalidArgument,
          {.reason = catalog::Reason::kRequestMalformed, .args = {{"detail", "the body is not base64"}}});
    }
    text.remove_prefix(piece.size());
  }
  return bytes;
}

}  // namespace satudata::web
