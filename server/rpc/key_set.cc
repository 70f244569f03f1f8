#include "server/rpc/key_set.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/freed.h"

namespace satudata::rpc {
namespace {

using Json = nlohmann::json;

// Each is tried for a token that names none.
constexpr size_t kMostKeys = 64;
constexpr int kFewestRsaBits = 2048;
// Checking with larger ones takes milliseconds, which those who guess tokens could make us spend.
constexpr int kMostRsaBits = 8192;
constexpr size_t kCoordinateBytes = 32;  // Of P-256.

using PublicKey = std::unique_ptr<EVP_PKEY, base::Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, base::Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, base::Freed<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, base::Freed<BN_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, base::Freed<OSSL_PARAM_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, base::Freed<OSSL_PARAM_BLD_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, base::Freed<ECDSA_SIG_free>>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number ToNumber(absl::string_view bytes) {
  return Number(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

// A member that is text; empty if it is absent or something else.
std::string TextMember(const Json& key, const char* name) {
  const auto found = key.find(name);
  return found != key.end() && found->is_string() ? found->get<std::string>() : "";
}

// A member that is bytes in base64url; empty if it is absent or something else.
std::string BytesMember(const Json& key, const char* name) {
  std::string bytes;
  return absl::WebSafeBase64Unescape(TextMember(key, name), &bytes) ? bytes : "";
}

PublicKey FromParameters(const char* kind, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return PublicKey(key);
}

absl::StatusOr<PublicKey> RsaKey(const Json& json) {
  const std::string modulus = BytesMember(json, "n");
  const std::string exponent = BytesMember(json, "e");
  if (modulus.empty() || exponent.empty()) return absl::InvalidArgumentError("n and e must be base64url");
  if (modulus.size() > kMostRsaBits / 8 + 1 || exponent.size() > sizeof(uint32_t)) {
    return absl::InvalidArgumentError("is too large; use an RSA key of 2048 to 8192 bits");
  }
  const Number n = ToNumber(modulus);
  const Number e = ToNumber(exponent);
  if (BN_num_bits(n.get()) < kFewestRsaBits) {
    return absl::InvalidArgumentError("is too small; use an RSA key of 2048 bits or more");
  }
  if (BN_is_odd(n.get()) != 1 || BN_is_odd(e.get()) != 1 || BN_is_one(e.get()) == 1) {
    return absl::InvalidArgumentError("n and e are no RSA key");
  }
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  PublicKey key = FromParameters("RSA", builder.get());
  if (key == nullptr) return absl::InvalidArgumentError("n and e are no RSA key");
  return key;
}

absl::StatusOr<PublicKey> EcKey(const Json& json) {
  const std::string x = BytesMember(json, "x");
  const std::string y = BytesMember(json, "y");
  if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) {
    return absl::InvalidArgumentError("x and y must be 32 bytes each, in base64url");
  }
  const std::string point = absl::StrCat("\x04", x, y);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  PublicKey key = FromParameters("EC", builder.get());
  const KeyContext check(key == nullptr ? nullptr : EVP_PKEY_CTX_new(key.get(), nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) {
    return absl::InvalidArgumentError("x and y are no point of P-256");
  }
  return key;
}

// What the key is for; nullopt if that is nothing of ours.
std::optional<KeyAlgorithm> AlgorithmOf(const Json& key) {
  if (!key.is_object()) return std::nullopt;
  const std::string kind = TextMember(key, "kty");
  const bool is_rsa = kind == "RSA";
  const bool is_p256 = kind == "EC" && TextMember(key, "crv") == "P-256";
  if (!is_rsa && !is_p256) return std::nullopt;
  const std::string use = TextMember(key, "use");
  if (!use.empty() && use != "sig") return std::nullopt;
  const KeyAlgorithm algorithm = is_rsa ? KeyAlgorithm::kRs256 : KeyAlgorithm::kEs256;
  const std::string stated = TextMember(key, "alg");
  if (!stated.empty() && ParseKeyAlgorithm(stated) != algorithm) return std::nullopt;
  return algorithm;
}

absl::StatusOr<PublicKey> ReadKey(const Json& key, KeyAlgorithm algorithm) {
  if (key.contains("d")) {
    return absl::InvalidArgumentError("is a private key; keep it secret and put its public half here");
  }
  return algorithm == KeyAlgorithm::kRs256 ? RsaKey(key) : EcKey(key);
}

// ES256 signatures are two numbers side by side; OpenSSL wants them as DER. Empty if they are not that.
std::string DerSignature(absl::string_view raw) {
  if (raw.size() != 2 * kCoordinateBytes) return "";
  const EcdsaSignature signature(ECDSA_SIG_new());
  Number r = ToNumber(raw.substr(0, kCoordinateBytes));
  Number s = ToNumber(raw.substr(kCoordinateBytes));
  if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return "";
  (void)r.release();
  (void)s.release();
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &bytes);
  if (size <= 0) return "";
  std::string der(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace

std::optional<KeyAlgorithm> ParseKeyAlgorithm(absl::string_view name) {
  if (name == "RS256") return KeyAlgorithm::kRs256;
  if (name == "ES256") return KeyAlgorithm::kEs256;
  return std::nullopt;
}

struct KeySet::Key {
  Key(std::string id, KeyAlgorithm algorithm, PublicKey key)
      : id(std::move(id)), algorithm(algorithm), key(std::move(key)) {}

  const std::string id;
  const KeyAlgorithm algorithm;
  const PublicKey key;

  bool Made(absl::string_view signature, absl::string_view message) const {
    const std::string der = algorithm == KeyAlgorithm::kEs256 ? DerSignature(signature) : "";
    const absl::string_view form = algorithm == KeyAlgorithm::kEs256 ? der : signature;
    const DigestContext context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), Bytes(form), form.size(), Bytes(message), message.size()) == 1;
  }
};

absl::StatusOr<KeySet> KeySet::Parse(absl::string_view json) {
  const Json document = Json::parse(json, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("keys") || !document["keys"].is_array()) {
    return absl::InvalidArgumentError(R"(is no key set; write {"keys": [...]} as RFC 7517 has it)");
  }
  if (document["keys"].size() > kMostKeys) return absl::InvalidArgumentError("holds more than 64 keys");
  KeySet set;
  for (const auto& [place, member] : document["keys"].items()) {
    const std::optional<KeyAlgorithm> algorithm = AlgorithmOf(member);
    if (!algorithm) continue;
    absl::StatusOr<PublicKey> key = ReadKey(member, *algorithm);
    if (!key.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("keys[", place, "] ", key.status().message()));
    }
    set.keys_.push_back(std::make_shared<const Key>(TextMember(member, "kid"), *algorithm, *std::move(key)));
  }
  if (set.empty()) return absl::InvalidArgumentError("holds no key for RS256 or ES256; add one");
  return set;
}

bool KeySet::Verify(KeyAlgorithm algorithm, absl::string_view id, absl::string_view message,
                    absl::string_view signature) const {
  for (const auto& key : keys_) {
    const bool may_be = key->id.empty() || id.empty() || key->id == id;
    if (key->algorithm == algorithm && may_be && key->Made(signature, message)) return true;
  }
  return false;
}

}  // namespace satudata::rpc
