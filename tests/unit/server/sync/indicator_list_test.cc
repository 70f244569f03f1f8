#include "server/sync/indicator_list.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

ReferenceList MakeList() {
  ReferenceList list{.kodepemda = "1612", .fetch_time = absl::FromUnixSeconds(1'800'000'000)};
  for (const auto& [code, name] : {std::pair("1.02.000318", "Jumlah Penduduk"),
                                   {"1.02.000319", "Jumlah Bidan"},
                                   {"1.020.00001", "Lain"},
                                   {"2.09.000001", "Produksi PADI"}}) {
    list.indicators[code] = {.kodeindikator = code, .name = name};
  }
  return list;
}

std::vector<std::string> Codes(const IndicatorPage& page) {
  std::vector<std::string> codes;
  for (const IndicatorRow& row : page.rows) codes.push_back(row.indicator.kodeindikator);
  return codes;
}

TEST(SelectIndicators, FindsByCodeNameAndUrusan) {
  const ReferenceList list = MakeList();
  const auto codes = [&](const IndicatorFilter& filter) {
    const IndicatorPage page = SelectIndicators(list, filter, {});
    EXPECT_EQ(page.total_count, static_cast<int64_t>(page.rows.size()));
    return Codes(page);
  };
  EXPECT_THAT(codes({}), ElementsAre("1.02.000318", "1.02.000319", "1.020.00001", "2.09.000001"));
  EXPECT_THAT(codes({.text = "padi"}), ElementsAre("2.09.000001"));
  EXPECT_THAT(codes({.text = "JUMLAH b"}), ElementsAre("1.02.000319"));
  EXPECT_THAT(codes({.text = "000318"}), ElementsAre("1.02.000318"));
  EXPECT_THAT(codes({.urusan = "1.02"}), ElementsAre("1.02.000318", "1.02.000319"));
  EXPECT_THAT(codes({.text = "padi", .urusan = "1.02"}), IsEmpty());
  EXPECT_THAT(codes({.text = "%"}), IsEmpty());
}

TEST(SelectIndicators, GoesPageByPageAndToAnyRow) {
  const ReferenceList list = MakeList();
  const auto page = [&](const Page& page) { return SelectIndicators(list, {.text = "a"}, page); };
  EXPECT_THAT(Codes(page({.limit = 2})), ElementsAre("1.02.000318", "1.02.000319"));
  EXPECT_THAT(Codes(page({.limit = 2, .after = "1.02.000319"})), ElementsAre("1.020.00001", "2.09.000001"));
  EXPECT_THAT(Codes(page({.limit = 2, .after = "1.02.000318", .skip = 1})),
              ElementsAre("1.020.00001", "2.09.000001"));
  EXPECT_THAT(Codes(page({.limit = 1, .skip = 3})), ElementsAre("2.09.000001"));
  EXPECT_THAT(Codes(page({.limit = 1, .skip = 99})), IsEmpty());
  EXPECT_EQ(page({.limit = 1, .after = "2", .skip = 99}).total_count, 4);
  EXPECT_EQ(page({}).read_time, list.fetch_time);
}

TEST(AddYears, PutsOursBesideTheTargets) {
  std::vector<IndicatorRow> rows = SelectIndicators(MakeList(), {.urusan = "1.02"}, {}).rows;
  const absl::Time confirmed = absl::FromUnixSeconds(1'700'000'000);
  AddYears("1612",
           {{.kodeindikator = "1.02.000318", .tahun = "2023", .value = "9", .file_id = "f1"},
            {.kodeindikator = "1.02.000318", .tahun = "2024", .value = "10", .file_id = "f2"}},
           {{.key = "1612.1.02.000318.2022", .value = "7", .confirm_time = confirmed},
            {.key = "1612.1.02.000318.2023", .value = "8", .confirm_time = confirmed},
            {.key = "1612.1.02.000319.2023", .value = "3", .confirm_time = confirmed}},
           rows);
  ASSERT_THAT(rows, SizeIs(2));
  ASSERT_THAT(rows[0].years, SizeIs(3));
  EXPECT_EQ(rows[0].years[0].tahun, "2024");
  EXPECT_EQ(rows[0].years[0].value, "10");
  EXPECT_EQ(rows[0].years[0].file_id, "f2");
  EXPECT_EQ(rows[0].years[0].target_value, "");
  EXPECT_EQ(rows[0].years[0].confirm_time, std::nullopt);
  EXPECT_EQ(rows[0].years[1].value, "9");
  EXPECT_EQ(rows[0].years[1].target_value, "8");
  EXPECT_EQ(rows[0].years[1].confirm_time, confirmed);
  EXPECT_EQ(rows[0].years[2].value, "");
  EXPECT_EQ(rows[0].years[2].target_value, "7");
  ASSERT_THAT(rows[1].years, SizeIs(1));
  EXPECT_EQ(rows[1].years[0].target_value, "3");
}

TEST(AddYears, KeepsTheNewestThirty) {
  std::vector<IndicatorRow> rows = SelectIndicators(MakeList(), {.text = "000318"}, {}).rows;
  std::vector<OwnValue> ours;
  for (int year = 1950; year < 2024; ++year) {
    ours.push_back(
        {.kodeindikator = "1.02.000318", .tahun = absl::StrCat(year), .value = "1", .file_id = "f"});
  }
  AddYears("1612", ours, {}, rows);
  ASSERT_THAT(rows[0].years, SizeIs(kMostIndicatorYears));
  EXPECT_EQ(rows[0].years.front().tahun, "2023");
  EXPECT_EQ(rows[0].years.back().tahun, "1994");
}

}  // namespace
}  // namespace satudata::sync
