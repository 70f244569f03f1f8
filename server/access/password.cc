#include "server/access/password.h"

#include <crypt.h>
#include <string.h>

#include <array>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "server/base/hash.h"

namespace satudata::access {
namespace {

static_assert(kMaxPasswordBytes == CRYPT_MAX_PASSPHRASE_SIZE - 1);

constexpr char kYescrypt[] = "$y$";
// 4,096 blocks of 4 KiB: what Debian 12 takes for its own users.
constexpr unsigned long kCost = 5;
// A setting of that cost, for checks that cannot succeed; no hash is as short as it.
constexpr char kDecoy[] = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1";
constexpr size_t kMinNamePart = 4;

// The working memory of crypt_r. It has seen a password: it is wiped.
class Workspace {
 public:
  Workspace() : data_(std::make_unique<crypt_data>()) {}
  ~Workspace() { explicit_bzero(data_.get(), sizeof(crypt_data)); }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  // nullopt where `setting` is none.
  std::optional<std::string> Hash(absl::string_view password, absl::string_view setting) {
    const char* hash = crypt_r(std::string(password).c_str(), std::string(setting).c_str(), data_.get());
    if (hash == nullptr || hash[0] == '*') return std::nullopt;
    return hash;
  }

 private:
  const std::unique_ptr<crypt_data> data_;
};

}  // namespace

absl::StatusOr<std::string> HashPassword(absl::string_view password) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  // Without bytes of ours it takes the system's.
  if (crypt_gensalt_rn(kYescrypt, kCost, nullptr, 0, setting.data(), setting.size()) == nullptr) {
    return absl::InternalError("crypt_gensalt_rn failed");
  }
  std::optional<std::string> hash = Workspace().Hash(password, setting.data());
  if (!hash) return absl::InternalError("crypt_r failed");
  return *std::move(hash);
}

bool IsPasswordOf(absl::string_view hash, absl::string_view password) {
  Workspace workspace;
  std::optional<std::string> hashed;
  // Other methods of crypt(3) are quick, or look at the first eight bytes only.
  if (absl::StartsWith(hash, kYescrypt)) hashed = workspace.Hash(password, hash);
  if (!hashed) {
    workspace.Hash(password, kDecoy);
    return false;
  }
  return base::ConstantTimeEquals(*hashed, hash);
}

bool IsWeakPassword(absl::string_view password, absl::string_view username) {
  if (password.size() < kMinPasswordBytes) return true;
  if (absl::EqualsIgnoreCase(password, username)) return true;
  return username.size() >= kMinNamePart &&
         absl::StrContains(absl::AsciiStrToLower(password), absl::AsciiStrToLower(username));
}

}  // namespace satudata::access
