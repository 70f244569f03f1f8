#include "server/catalog/column_names.h"

#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

TEST(NormalHeading, IsBlindToCaseBlanksAndPunctuation) {
  for (absl::string_view heading : {"kodeindikator", "Kode Indikator", "KODE_INDIKATOR", "kode-indikator :",
                                    "\xEF\xBB\xBFKode\xC2\xA0Indikator", "Kode\nIndikator"}) {
    EXPECT_EQ(NormalHeading(heading), "kodeindikator") << heading;
  }
  EXPECT_EQ(NormalHeading("Nilai %"), "nilai%");
  EXPECT_EQ(NormalHeading("2023/2024"), "2023/2024");
}

TEST(YearOfHeading, TakesNothingButAYear) {
  for (absl::string_view heading : {"2024", "Tahun 2024", "TH. 2024", "2024*", "2024**)", "Nilai (2024)"}) {
    EXPECT_EQ(YearOfHeading(NormalHeading(heading)), "2024") << heading;
  }
  for (absl::string_view heading : {"", "20", "12024", "Target 2024", "2023/2024", "2024 TW I", "s.d. 2024",
                                    "< 2024", "1900", "2024 (ribu)"}) {
    EXPECT_EQ(YearOfHeading(NormalHeading(heading)), std::nullopt) << heading;
  }
}

TEST(ColumnNames, CountsTheHeadingsThatItKnows) {
  const ColumnNames names({.value = {"Hasil"}});
  EXPECT_EQ(names.CountKnown({"No", "Kode DSSD", "Tahun", "hasil", "Satuan", "2024", ""}), 5);
  EXPECT_EQ(names.CountKnown({"Kecamatan", "Penduduk"}), 0);
}

TEST(ColumnNames, TellsHowMuchANameSays) {
  const ColumnNames names({});
  EXPECT_EQ(names.Tells(ColumnRole::kValue, "nilai"), Telling::kSurely);
  EXPECT_EQ(names.Tells(ColumnRole::kValue, "data"), Telling::kLikely);
  EXPECT_EQ(names.Tells(ColumnRole::kValue, "jumlah"), Telling::kWeakly);
  EXPECT_EQ(names.Tells(ColumnRole::kValue, "capaian"), Telling::kNotThis);
  EXPECT_EQ(names.Tells(ColumnRole::kCode, "kode"), Telling::kWeakly);
}

TEST(ColumnAliases, HaveAFingerprintThatChangesWithThem) {
  EXPECT_EQ(ColumnAliases().Fingerprint(), ColumnAliases().Fingerprint());
  EXPECT_NE(ColumnAliases({.code = {"x"}}).Fingerprint(), ColumnAliases({.year = {"x"}}).Fingerprint());
}

}  // namespace
}  // namespace satudata::catalog
