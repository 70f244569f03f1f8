#include "server/catalog/catalog_file.h"

#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

TEST(Verification, IsWordedAsThePortalWordsIt) {
  EXPECT_EQ(VerificationText(Verification::kUnverified), "Belum Verifikasi");
  EXPECT_EQ(VerificationText(Verification::kVerified), "Sudah Verifikasi");
  EXPECT_EQ(VerificationText(Verification::kRefused), "Ditolak");
}

TEST(Verification, IsReadInAnyCaseAndWithBlanksAround) {
  EXPECT_EQ(ParseVerification("Sudah Verifikasi"), Verification::kVerified);
  EXPECT_EQ(ParseVerification("  sudah verifikasi\n"), Verification::kVerified);
  EXPECT_EQ(ParseVerification("BELUM VERIFIKASI"), Verification::kUnverified);
  EXPECT_EQ(ParseVerification("ditolak"), Verification::kRefused);
}

TEST(Verification, IsNeverGuessed) {
  for (absl::string_view text :
       {"", "Sudah", "SudahVerifikasi", "Sudah  Verifikasi", "verified", "Ditolak!"}) {
    EXPECT_EQ(ParseVerification(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace satudata::catalog
