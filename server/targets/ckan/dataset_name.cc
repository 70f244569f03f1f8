#include "server/targets/ckan/dataset_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/hash.h"

namespace satudata::targets::ckan {
namespace {

constexpr size_t kLongestPrefix = 20;
constexpr size_t kLongestId = 60;
// Sixteen hex digits: among a million files two share them once in forty million times.
constexpr size_t kHashDigits = 16;

bool IsPlain(char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c); }

bool IsPlainId(absl::string_view id) {
  return id.size() >= 2 && id.size() <= kLongestId && std::all_of(id.begin(), id.end(), IsPlain);
}

// Runs of what is not fit for a name become one dash.
std::string Slug(absl::string_view text) {
  std::string slug;
  for (const char c : absl::AsciiStrToLower(text)) {
    if (slug.size() == kLongestId) break;
    if (IsPlain(c)) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug.empty() ? "x" : slug;
}

}  // namespace

std::string DatasetName(absl::string_view prefix, absl::string_view file_id) {
  if (IsPlainId(file_id)) return absl::StrCat(prefix, file_id);
  return absl::StrCat(prefix, Slug(file_id), "-", base::Sha256Hex(file_id).substr(0, kHashDigits));
}

bool IsNamePrefix(absl::string_view text) {
  return text.size() <= kLongestPrefix &&
         std::all_of(text.begin(), text.end(), [](char c) { return IsPlain(c) || c == '-' || c == '_'; });
}

}  // namespace satudata::targets::ckan
