// File: hash.h
//
// SHA-256 as lower-case hex: the form in which hashes are stored and compared.
#ifndef SERVER_BASE_HASH_H_
#define SERVER_BASE_HASH_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace satudata::base {

// Thread-safe: each thread reuses a context of its own.
std::string Sha256Hex(absl::string_view bytes);

// Hashes a stream piece by piece. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void Update(absl::string_view bytes);
  // The digest of everything given so far; the object starts afresh after it.
  std::string FinishHex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// HMAC-SHA-256, raw bytes.
std::string HmacSha256(absl::string_view key, absl::string_view message);

// Compares in a time that depends on the lengths alone.
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);

}  // namespace satudata::base

#endif  // SERVER_BASE_HASH_H_
