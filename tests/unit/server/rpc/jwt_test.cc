#include "server/rpc/jwt.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "server/catalog/failure.h"
#include "tests/fakes/fake_clock.h"

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
  const JwtVerifier verifier_{kSecret, clock_};
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

}  // namespace
}  // namespace satudata::rpc
