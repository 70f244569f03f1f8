// File: test_keys.h
//
// Keys that sign tokens, made on the spot, and how a key set shows them.
#ifndef TESTS_UNIT_SERVER_RPC_TEST_KEYS_H_
#define TESTS_UNIT_SERVER_RPC_TEST_KEYS_H_

#include <openssl/evp.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace satudata::rpc {

class TestKey {
 public:
  static TestKey Rsa(unsigned bits = 2048);
  static TestKey P256();

  // The public half, with this id.
  nlohmann::json Jwk(const std::string& id) const;
  // RS256 or ES256, raw.
  std::string Sign(absl::string_view message) const;
  // A token with this header and these claims, as they are.
  std::string Token(const nlohmann::json& header, const nlohmann::json& claims) const;

 private:
  explicit TestKey(EVP_PKEY* key) : key_(key, &EVP_PKEY_free) {}
  bool is_rsa() const { return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA; }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

std::string KeySetOf(const std::vector<nlohmann::json>& keys);

}  // namespace satudata::rpc

#endif  // TESTS_UNIT_SERVER_RPC_TEST_KEYS_H_
