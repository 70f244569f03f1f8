#include "tests/unit/server/rpc/test_keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace satudata::rpc {
namespace {

using Json = nlohmann::json;

// A public number of the key in base64url, with leading zeros up to `size` bytes.
std::string Part(const EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  if (size == 0) size = BN_num_bytes(number);
  std::string bytes(static_cast<size_t>(size), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), size);
  BN_free(number);
  return absl::WebSafeBase64Escape(bytes);
}

std::string RawOf(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
  std::string raw(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32);
  ECDSA_SIG_free(signature);
  return raw;
}

}  // namespace

TestKey TestKey::Rsa(unsigned bits) { return TestKey(EVP_RSA_gen(bits)); }
TestKey TestKey::P256() { return TestKey(EVP_EC_gen("P-256")); }

Json TestKey::Jwk(const std::string& id) const {
  const EVP_PKEY* key = key_.get();
  if (is_rsa()) {
    return {{"kty", "RSA"},
            {"kid", id},
            {"use", "sig"},
            {"n", Part(key, OSSL_PKEY_PARAM_RSA_N)},
            {"e", Part(key, OSSL_PKEY_PARAM_RSA_E)}};
  }
  return {{"kty", "EC"},
          {"crv", "P-256"},
          {"kid", id},
          {"alg", "ES256"},
          {"x", Part(key, OSSL_PKEY_PARAM_EC_PUB_X, 32)},
          {"y", Part(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32)}};
}

std::string TestKey::Sign(absl::string_view message) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  size_t size = 0;
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
  EVP_DigestSign(context, nullptr, &size, bytes, message.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, message.size());
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return is_rsa() ? signature : RawOf(signature);
}

std::string TestKey::Token(const Json& header, const Json& claims) const {
  const std::string message =
      absl::StrCat(absl::WebSafeBase64Escape(header.dump()), ".", absl::WebSafeBase64Escape(claims.dump()));
  return absl::StrCat(message, ".", absl::WebSafeBase64Escape(Sign(message)));
}

std::string KeySetOf(const std::vector<Json>& keys) { return Json{{"keys", keys}}.dump(); }

}  // namespace satudata::rpc
