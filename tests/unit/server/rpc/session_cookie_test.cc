#include "server/rpc/session_cookie.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/random.h"

namespace satudata::rpc {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kSecret = "0123456789-abcdefghijklmnopqrstuvwxyz_ABCDE";  // NOLINT: 43 characters.
const std::string kCookie = "satudata_session=" + kSecret;                  // NOLINT

std::string Read(const std::vector<absl::string_view>& headers) {
  return SessionSecretOf(headers).value_or("none");
}

TEST(SessionCookie, IsFoundAmongOthers) {
  EXPECT_EQ(Read({kCookie}), kSecret);
  EXPECT_EQ(Read({absl::StrCat("a=b; ", kCookie, "; c=d")}), kSecret);
  EXPECT_EQ(Read({absl::StrCat("a=b;", kCookie, ";")}), kSecret);
  EXPECT_EQ(Read({"a=b", kCookie, "c=d"}), kSecret) << "HTTP/2 may send them one by one";
  EXPECT_EQ(Read({absl::StrCat("xsatudata_session=1; satudata_session2=2; Satudata_Session=3; ", kCookie)}),
            kSecret);
}

TEST(SessionCookie, IsNotThereWhereNothingIs) {
  EXPECT_EQ(Read({}), "none");
  EXPECT_EQ(Read({""}), "none");
  EXPECT_EQ(Read({";;; = ;"}), "none");
  EXPECT_EQ(Read({"satudata_session"}), "none");
}

TEST(SessionCookie, TwoOfItsNameAreNone) {
  EXPECT_EQ(Read({absl::StrCat(kCookie, "; ", kCookie)}), "none");
  EXPECT_EQ(Read({kCookie, kCookie}), "none");
  EXPECT_EQ(Read({absl::StrCat(kCookie, "; satudata_session=")}), "none");
  EXPECT_EQ(Read({absl::StrCat("satudata_session=x; ", kCookie)}), "none");
}

TEST(SessionCookie, OnlyWhatWeWroteIsOne) {
  const std::string& secret = kSecret;
  const std::vector<std::string> bad = {"",
                                        secret + "A",
                                        secret.substr(1),
                                        "\"" + secret + "\"",
                                        " " + secret,
                                        secret.substr(1) + "=",
                                        secret.substr(1) + "+",
                                        secret.substr(1) + "/",
                                        secret.substr(1) + std::string("\0", 1),
                                        secret.substr(1) + "\xc3"};
  for (const std::string& value : bad) EXPECT_EQ(Read({"satudata_session=" + value}), "none") << value;
}

TEST(SessionCookie, AHeaderThatIsTooLongIsNotRead) {
  const std::string filler(8000, 'x');
  EXPECT_EQ(Read({absl::StrCat("a=", filler, "; ", kCookie)}), kSecret);
  EXPECT_EQ(Read({absl::StrCat("a=", filler, filler, "; ", kCookie)}), "none");
  EXPECT_EQ(Read({kCookie, filler, filler}), "none");
}

// Any bytes: nothing, or 43 harmless characters that stand there.
TEST(SessionCookie, SurvivesAnyBytes) {
  const base::Uniform dice = base::SeededUniform(11);
  for (int round = 0; round < 20'000; ++round) {
    std::string header = absl::StrCat("a=b; ", kCookie, "; c=d");
    for (int i = static_cast<int>(dice() * 4); i >= 0; --i) {
      header[static_cast<size_t>(dice() * header.size())] = static_cast<char>(dice() * 256);
    }
    const auto secret = SessionSecretOf({header});
    if (!secret) continue;
    EXPECT_EQ(secret->size(), 43U);
    EXPECT_TRUE(absl::StrContains(header, absl::StrCat("satudata_session=", *secret)));
  }
}

TEST(SessionCookie, SaysWhatTheBrowserIsToDoWithIt) {
  EXPECT_EQ(SetSessionCookie(kSecret, absl::Hours(12), CookieTransport::kTlsOnly),
            absl::StrCat(kCookie,
                         "; HttpOnly; Secure; SameSite=Strict; "
                         "Path=/satudata.integration.v1.SessionService/; Max-Age=43200"));
  EXPECT_THAT(SetSessionCookie(kSecret, absl::Hours(12), CookieTransport::kAny), Not(HasSubstr("Secure")));
  EXPECT_THAT(SetSessionCookie(kSecret, -absl::Hours(1), CookieTransport::kAny), HasSubstr("Max-Age=0"));
  EXPECT_EQ(ClearSessionCookie(CookieTransport::kTlsOnly),
            "satudata_session=; HttpOnly; Secure; SameSite=Strict; "
            "Path=/satudata.integration.v1.SessionService/; Max-Age=0");
}

}  // namespace
}  // namespace satudata::rpc
