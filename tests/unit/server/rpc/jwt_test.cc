#include "server/rpc/jwt.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "server/catalog/failure.h"
#include "tests/fakes/fake_clock.h"
#include "tests/unit/server/rpc/test_keys.h"

namespace satudata::rpc {
namespace {

using catalog::Reason;

constexpr char kSecret[] = "a secret of the portal";

class JwtTest : public testing::Test {
 protected:
  Claims Operator() const {
    return {.id = "65f0", .username = "siti", .role = "operator", .expiry = now_ + absl::Hours(1)};
  }
  // A token with these parts as they are, signed as we do.
  static std::string Signed(absl::string_view header, absl::string_view claims) {
    const std::string part =
        absl::StrCat(absl::WebSafeBase64Escape(header), ".", absl::WebSafeBase64Escape(claims));
    return absl::StrCat(part, ".", absl::WebSafeBase64Escape(base::HmacSha256(kSecret, part)));
  }
  std::string WithClaims(absl::string_view claims) const { return Signed(R"({"alg":"HS256"})", claims); }
  Reason Refusal(absl::string_view token) const {
    const auto claims = verifier_.Verify(token);
    if (claims.ok()) return Reason::kNone;
    EXPECT_EQ(claims.status().code(), absl::StatusCode::kUnauthenticated);
    return catalog::FailureOf(claims.status()).reason;
  }

  fakes::FakeClock clock_;
  const absl::Time now_ = clock_.Now();
  const int64_t unix_ = absl::ToUnixSeconds(now_);
  const JwtVerifier verifier_{{.secret = kSecret}, clock_};
};

TEST_F(JwtTest, AcceptsWhatItSigned) {
  const auto claims = verifier_.Verify(SignJwt(Operator(), kSecret, now_));
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->id, "65f0");
  EXPECT_EQ(claims->username, "siti");
  EXPECT_EQ(claims->role, "operator");
  EXPECT_EQ(claims->expiry, now_ + absl::Hours(1));
}

TEST_F(JwtTest, AcceptsThePortalsTokenWithoutARole) {
  const auto claims = verifier_.Verify(
      Signed(R"({"alg":"HS256","typ":"JWT"})",
             absl::StrCat(R"({"id":17,"username":"budi","iat":)", unix_, R"(,"exp":)", unix_ + 3600, "}")));
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->id, "17");
  EXPECT_EQ(claims->role, "");
}

TEST_F(JwtTest, RefusesAnotherSecret) {
  EXPECT_EQ(Refusal(SignJwt(Operator(), "another secret", now_)), Reason::kTokenInvalid);
}

TEST_F(JwtTest, RefusesEveryOtherAlgorithm) {
  const std::string claims = absl::StrCat(R"({"id":"1","exp":)", unix_ + 3600, "}");
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"HS512"})", R"({"alg":"RS256"})", R"({"alg":"hs256"})",
        R"({"alg":["HS256"]})", R"({"typ":"JWT"})", R"({})", R"({"alg":"HS256","crit":["exp"]})"}) {
    EXPECT_EQ(Refusal(Signed(header, claims)), Reason::kTokenInvalid) << header;
  }
}

TEST_F(JwtTest, RefusesAnUnsignedToken) {
  const std::string part =
      absl::StrCat(absl::WebSafeBase64Escape(R"({"alg":"none"})"), ".",
                   absl::WebSafeBase64Escape(absl::StrCat(R"({"exp":)", unix_ + 9, "}")));
  EXPECT_EQ(Refusal(absl::StrCat(part, ".")), Reason::kTokenInvalid);
  EXPECT_EQ(Refusal(part), Reason::kTokenInvalid);
}

TEST_F(JwtTest, RefusesAChangedByteAnywhere) {
  const std::string token = SignJwt(Operator(), kSecret, now_);
  for (size_t i = 0; i + 1 < token.size(); ++i) {  // The last character has bits that do not count.
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(Refusal(changed), Reason::kTokenInvalid) << i;
  }
}

TEST_F(JwtTest, RefusesGarbage) {
  for (const std::string& token :
       {std::string(), std::string("."), std::string(".."), std::string("..."), std::string("a.b.c"),
        std::string("a.b.c.d"), std::string("\0\xFF\x01", 3), std::string(8000, '.'), std::string(8000, 'A'),
        absl::StrCat(SignJwt(Operator(), kSecret, now_), " "), Signed("[]", "[]"), Signed("", ""),
        Signed(R"({"alg":"HS256"})", "not json"), Signed(R"({"alg":"HS256"})", "[1]")}) {
    EXPECT_EQ(Refusal(token), Reason::kTokenInvalid) << token.substr(0, 60);
  }
}

TEST_F(JwtTest, RefusesAHugeTokenUnread) {
  Claims claims = Operator();
  claims.username = std::string(100'000, 'x');
  EXPECT_EQ(Refusal(SignJwt(claims, kSecret, now_)), Reason::kTokenInvalid);
}

TEST_F(JwtTest, GivesAMinuteAfterTheExpiry) {
  const std::string token = SignJwt(Operator(), kSecret, now_);
  clock_.Advance(absl::Hours(1) + absl::Seconds(59));
  EXPECT_EQ(Refusal(token), Reason::kNone);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Refusal(token), Reason::kTokenExpired);
}

TEST_F(JwtTest, KnowingATokenMakesNoOtherOneGood) {
  const std::string token = SignJwt(Operator(), kSecret, now_);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Refusal(token), Reason::kNone);
    EXPECT_EQ(Refusal(SignJwt(Operator(), "another secret", now_)), Reason::kTokenInvalid);
    EXPECT_EQ(Refusal(token.substr(0, token.size() - 2)), Reason::kTokenInvalid);
    EXPECT_EQ(Refusal(token + "A"), Reason::kTokenInvalid);
  }
}

TEST_F(JwtTest, RemembersAsManyTokensAsComeAndNoneForEver) {
  for (int i = 0; i < 10'000; ++i) {
    Claims claims = Operator();
    claims.username = absl::StrCat("user", i);
    const auto verified = verifier_.Verify(SignJwt(claims, kSecret, now_));
    ASSERT_TRUE(verified.ok()) << verified.status();
    ASSERT_EQ(verified->username, claims.username);
  }
}

TEST_F(JwtTest, RefusesATokenWithoutAnEnd) {
  EXPECT_EQ(Refusal(WithClaims(R"({"id":"1"})")), Reason::kTokenInvalid);
  EXPECT_EQ(Refusal(WithClaims(R"({"id":"1","exp":"tomorrow"})")), Reason::kTokenInvalid);
}

TEST_F(JwtTest, RefusesATokenFromTheFuture) {
  for (const char* claim : {"iat", "nbf"}) {
    EXPECT_EQ(Refusal(WithClaims(
                  absl::StrCat(R"({"exp":)", unix_ + 3600, R"(,")", claim, R"(":)", unix_ + 61, "}"))),
              Reason::kTokenInvalid)
        << claim;
    EXPECT_EQ(Refusal(WithClaims(
                  absl::StrCat(R"({"exp":)", unix_ + 3600, R"(,")", claim, R"(":)", unix_ + 59, "}"))),
              Reason::kNone)
        << claim;
  }
}

TEST_F(JwtTest, TakesFractionsAndAbsurdTimesAsNumbers) {
  EXPECT_EQ(Refusal(WithClaims(absl::StrCat(R"({"exp":)", unix_, ".5}"))), Reason::kNone);
  EXPECT_EQ(Refusal(WithClaims(R"({"exp":1e300})")), Reason::kNone);
  EXPECT_EQ(Refusal(WithClaims(R"({"exp":-1e300})")), Reason::kTokenInvalid);
  EXPECT_EQ(Refusal(WithClaims(R"({"exp":-1})")), Reason::kTokenExpired);
}

// Tokens of a portal that keeps its key to itself and shows its public half.
class KeySetTokenTest : public JwtTest {
 protected:
  nlohmann::json TheirClaims() const {
    return {{"sub", "65f0"}, {"preferred_username", "siti"}, {"role", "Operator"}, {"exp", unix_ + 3600}};
  }
  static KeySet KeysOf(const TestKey& key) {
    absl::StatusOr<KeySet> keys = KeySet::Parse(KeySetOf({key.Jwk("k1")}));
    EXPECT_TRUE(keys.ok()) << keys.status();
    return *std::move(keys);
  }
  Reason RefusalBy(const JwtVerifier& verifier, absl::string_view token) const {
    const auto claims = verifier.Verify(token);
    return claims.ok() ? Reason::kNone : catalog::FailureOf(claims.status()).reason;
  }

  const TestKey key_ = TestKey::P256();
  const std::string token_ = key_.Token({{"alg", "ES256"}, {"kid", "k1"}}, TheirClaims());
};

TEST_F(KeySetTokenTest, IsAcceptedWithTheStandardsNamesForWhoItIs) {
  const JwtVerifier verifier({.keys = KeysOf(key_)}, clock_);
  const auto claims = verifier.Verify(token_);
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->id, "65f0");
  EXPECT_EQ(claims->username, "siti");
  EXPECT_EQ(claims->role, "Operator");
}

TEST_F(KeySetTokenTest, RsaSignsAsWell) {
  const TestKey rsa = TestKey::Rsa();
  const JwtVerifier verifier({.keys = KeysOf(rsa)}, clock_);
  EXPECT_EQ(RefusalBy(verifier, rsa.Token({{"alg", "RS256"}}, TheirClaims())), Reason::kNone);
  EXPECT_EQ(RefusalBy(verifier, rsa.Token({{"alg", "ES256"}}, TheirClaims())), Reason::kTokenInvalid);
  EXPECT_EQ(RefusalBy(verifier, rsa.Token({{"alg", "PS256"}}, TheirClaims())), Reason::kTokenInvalid);
}

TEST_F(KeySetTokenTest, WithoutASecretNothingSignedByOneIsGood) {
  const JwtVerifier verifier({.keys = KeysOf(key_)}, clock_);
  EXPECT_EQ(RefusalBy(verifier, SignJwt(Operator(), "", now_)), Reason::kTokenInvalid);
  // What everybody knows must not do as a secret.
  EXPECT_EQ(RefusalBy(verifier, SignJwt(Operator(), KeySetOf({key_.Jwk("k1")}), now_)),
            Reason::kTokenInvalid);
}

TEST_F(KeySetTokenTest, TheSecretStaysGoodBesideTheKeys) {
  const JwtVerifier verifier({.secret = kSecret, .keys = KeysOf(key_)}, clock_);
  EXPECT_EQ(RefusalBy(verifier, SignJwt(Operator(), kSecret, now_)), Reason::kNone);
  EXPECT_EQ(RefusalBy(verifier, token_), Reason::kNone);
}

TEST_F(KeySetTokenTest, WithoutAKeySetItIsRefused) { EXPECT_EQ(Refusal(token_), Reason::kTokenInvalid); }

TEST_F(KeySetTokenTest, AKeyThatIsTakenAwayTakesItsTokensWithIt) {
  JwtVerifier verifier({.keys = KeysOf(key_)}, clock_);
  EXPECT_EQ(RefusalBy(verifier, token_), Reason::kNone);
  const TestKey next = TestKey::P256();
  verifier.UseKeys(KeysOf(next));
  EXPECT_EQ(RefusalBy(verifier, token_), Reason::kTokenInvalid);
  EXPECT_EQ(RefusalBy(verifier, next.Token({{"alg", "ES256"}}, TheirClaims())), Reason::kNone);
}

TEST_F(KeySetTokenTest, MustComeFromAndBeForWhomItIsSaid) {
  const JwtVerifier verifier({.secret = kSecret,
                              .keys = KeysOf(key_),
                              .issuer = "https://sso.example.go.id",
                              .audience = "satudata"},
                             clock_);
  const auto refusal = [&](const nlohmann::json& more) {
    nlohmann::json claims = TheirClaims();
    claims.update(more);
    return RefusalBy(verifier, key_.Token({{"alg", "ES256"}}, claims));
  };
  const nlohmann::json from_us = {{"iss", "https://sso.example.go.id"}};
  EXPECT_EQ(refusal({{"iss", from_us["iss"]}, {"aud", "satudata"}}), Reason::kNone);
  EXPECT_EQ(refusal({{"iss", from_us["iss"]}, {"aud", {"mail", "satudata"}}}), Reason::kNone);
  EXPECT_EQ(refusal({{"iss", from_us["iss"]}, {"aud", "mail"}}), Reason::kTokenInvalid);
  EXPECT_EQ(refusal({{"iss", from_us["iss"]}, {"aud", {"mail"}}}), Reason::kTokenInvalid);
  EXPECT_EQ(refusal(from_us), Reason::kTokenInvalid);
  EXPECT_EQ(refusal({{"iss", "https://other"}, {"aud", "satudata"}}), Reason::kTokenInvalid);
  EXPECT_EQ(refusal(nlohmann::json::object()), Reason::kTokenInvalid);
  // Our own say neither.
  EXPECT_EQ(RefusalBy(verifier, SignJwt(Operator(), kSecret, now_)), Reason::kNone);
}

}  // namespace
}  // namespace satudata::rpc
