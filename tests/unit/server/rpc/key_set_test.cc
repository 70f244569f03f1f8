#include "server/rpc/key_set.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/rpc/test_keys.h"

namespace satudata::rpc {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

const TestKey& RsaKey() {
  static const TestKey key = TestKey::Rsa();
  return key;
}

const TestKey& EcKey() {
  static const TestKey key = TestKey::P256();
  return key;
}

KeySet Parsed(const std::string& text) {
  absl::StatusOr<KeySet> keys = KeySet::Parse(text);
  EXPECT_TRUE(keys.ok()) << keys.status();
  return keys.ok() ? *std::move(keys) : KeySet();
}

std::string Complaint(const std::string& text) {
  const absl::StatusOr<KeySet> keys = KeySet::Parse(text);
  if (keys.ok()) return "none";
  EXPECT_EQ(keys.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(keys.status().message());
}

std::string ComplaintOfKey(Json key, const std::string& member, const Json& value) {
  key[member] = value;
  return Complaint(KeySetOf({EcKey().Jwk("good"), key}));
}

TEST(KeySet, KnowsWhatItsKeysSigned) {
  const KeySet keys = Parsed(KeySetOf({RsaKey().Jwk("r"), EcKey().Jwk("e")}));
  EXPECT_EQ(keys.size(), 2);
  EXPECT_TRUE(keys.Verify(KeyAlgorithm::kRs256, "r", "text", RsaKey().Sign("text")));
  EXPECT_TRUE(keys.Verify(KeyAlgorithm::kEs256, "e", "text", EcKey().Sign("text")));
  EXPECT_FALSE(keys.Verify(KeyAlgorithm::kRs256, "r", "texts", RsaKey().Sign("text")));
  EXPECT_FALSE(keys.Verify(KeyAlgorithm::kEs256, "e", "texts", EcKey().Sign("text")));
}

TEST(KeySet, AKeyServesItsAlgorithmAlone) {
  const KeySet keys = Parsed(KeySetOf({RsaKey().Jwk("r"), EcKey().Jwk("e")}));
  EXPECT_FALSE(keys.Verify(KeyAlgorithm::kEs256, "r", "text", RsaKey().Sign("text")));
  EXPECT_FALSE(keys.Verify(KeyAlgorithm::kRs256, "e", "text", EcKey().Sign("text")));
}

TEST(KeySet, TheIdChoosesTheKeyAndWithoutOneEachIsTried) {
  const TestKey other = TestKey::P256();
  const KeySet keys = Parsed(KeySetOf({EcKey().Jwk("one"), other.Jwk("two")}));
  EXPECT_FALSE(keys.Verify(KeyAlgorithm::kEs256, "one", "text", other.Sign("text")));
  EXPECT_FALSE(keys.Verify(KeyAlgorithm::kEs256, "three", "text", other.Sign("text")));
  EXPECT_TRUE(keys.Verify(KeyAlgorithm::kEs256, "", "text", other.Sign("text")));
  Json nameless = other.Jwk("");
  nameless.erase("kid");
  EXPECT_TRUE(Parsed(KeySetOf({nameless})).Verify(KeyAlgorithm::kEs256, "any", "text", other.Sign("text")));
}

TEST(KeySet, ASignatureOfAnotherFormIsNone) {
  const KeySet keys = Parsed(KeySetOf({RsaKey().Jwk("r"), EcKey().Jwk("e")}));
  const std::string good = EcKey().Sign("text");
  for (const std::string& signature :
       {std::string(), good.substr(1), good + "x", std::string(64, '\0'), std::string(64, '\xff')}) {
    EXPECT_FALSE(keys.Verify(KeyAlgorithm::kEs256, "e", "text", signature));
    EXPECT_FALSE(keys.Verify(KeyAlgorithm::kRs256, "r", "text", signature));
  }
}

TEST(KeySet, PassesOverKeysThatServeSomethingElse) {
  Json encrypts = RsaKey().Jwk("enc");
  encrypts["use"] = "enc";
  Json other_algorithm = RsaKey().Jwk("rs512");
  other_algorithm["alg"] = "RS512";
  const Json secret = {{"kty", "oct"}, {"k", "c2VjcmV0"}};
  const Json other_curve = {{"kty", "EC"}, {"crv", "P-384"}, {"x", "AA"}, {"y", "AA"}};
  const std::vector<Json> useless = {encrypts, other_algorithm, secret, other_curve, 7, nullptr};
  std::vector<Json> keys = useless;
  keys.push_back(EcKey().Jwk("e"));
  EXPECT_EQ(Parsed(KeySetOf(keys)).size(), 1);
  EXPECT_THAT(Complaint(KeySetOf(useless)), HasSubstr("no key for RS256 or ES256"));
}

TEST(KeySet, NamesTheKeyThatIsWrongAndTheCure) {
  EXPECT_THAT(ComplaintOfKey(TestKey::Rsa(1024).Jwk("r"), "use", "sig"),
              HasSubstr("keys[1] is too small; use an RSA key of 2048 bits"));
  EXPECT_THAT(ComplaintOfKey(RsaKey().Jwk("r"), "d", "AQAB"), HasSubstr("keys[1] is a private key"));
  EXPECT_THAT(ComplaintOfKey(RsaKey().Jwk("r"), "n", "!"), HasSubstr("keys[1] n and e must be base64url"));
  EXPECT_THAT(ComplaintOfKey(RsaKey().Jwk("r"), "e", "AQ"), HasSubstr("no RSA key"));
  EXPECT_THAT(ComplaintOfKey(RsaKey().Jwk("r"), "n", std::string(4000, 'A')), HasSubstr("too large"));
  EXPECT_THAT(ComplaintOfKey(EcKey().Jwk("e"), "x", "AAAA"), HasSubstr("keys[1] x and y must be 32 bytes"));
  EXPECT_THAT(ComplaintOfKey(EcKey().Jwk("e"), "x", absl::WebSafeBase64Escape(std::string(32, 'a'))),
              HasSubstr("no point of P-256"));
}

TEST(KeySet, RefusesWhatIsNoKeySet) {
  for (const char* text : {"", "{", "[]", "{}", R"({"keys":{}})", "-----BEGIN PUBLIC KEY-----"}) {
    EXPECT_THAT(Complaint(text), HasSubstr("no key set")) << text;
  }
  EXPECT_THAT(Complaint(KeySetOf(std::vector<Json>(65, EcKey().Jwk("e")))), HasSubstr("more than 64"));
}

}  // namespace
}  // namespace satudata::rpc
