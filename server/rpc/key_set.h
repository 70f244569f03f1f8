// File: key_set.h
//
// The public keys of those who sign tokens for us: a JSON Web Key Set (RFC 7517) with RSA keys for RS256 and
// P-256 keys for ES256 (RFC 7518, 3.3 and 3.4). Knows nothing of tokens.
#ifndef SERVER_RPC_KEY_SET_H_
#define SERVER_RPC_KEY_SET_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::rpc {

enum class KeyAlgorithm { kRs256, kEs256 };

// `RS256` or `ES256`, case and all; nullopt for anything else.
std::optional<KeyAlgorithm> ParseKeyAlgorithm(absl::string_view name);

// Immutable, hence thread-safe; copies share the keys. Empty unless parsed.
class KeySet {
 public:
  // Keys that serve something else (encryption, other algorithms) are passed over. INVALID_ARGUMENT, one line
  // with the key's place and the cure: not a key set, no key left, more than 64, one that is broken, too
  // small (RSA below 2,048 bits) or not public.
  static absl::StatusOr<KeySet> Parse(absl::string_view json);

  bool empty() const { return keys_.empty(); }
  size_t size() const { return keys_.size(); }

  // Whether one of the keys with this `id` (all, if it is empty) made the raw `signature` over `message`. A
  // key without an id of its own may be any.
  bool Verify(KeyAlgorithm algorithm, absl::string_view id, absl::string_view message,
              absl::string_view signature) const;

 private:
  struct Key;

  std::vector<std::shared_ptr<const Key>> keys_;
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_KEY_SET_H_
