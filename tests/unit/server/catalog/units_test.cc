#include "server/catalog/units.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

TEST(Units, AreTheSameHoweverTheyAreSpelled) {
  const std::vector<std::vector<std::string>> kSame = {
      {"kab/kot", "Kabupaten/Kota", "kabkot", "Kab./Kota", "kab/kota"},
      {"ha", "hektar", "Hektare (ha)", "HEKTARE"},
      {"persen", "%", "Persen (%)", "persentase"},
      {"dok", "Dokumen", "dokumen "},
      {"ton co2 eq", "ton CO2eq", "ton/co2eq"},
      {"ku/ha", "kw/ha", "Kuintal/Hektar", "kuintal per hektare"},
      {"kg/kap/tahun", "kg/kapita/thn"},
      {"badan usaha/ orang", "badan usaha /orang"},
      {"m3", "m³", "meter kubik"},
      {"µg/m3", "μg/m³"},
      {"kth (kelompok tani hutan)", "Kelompok Tani Hutan"},
      {"trilyun rupiah", "Triliun Rupiah"},
      {"orang", "Jiwa"},
      {"pd", "Perangkat Daerah"}};
  const Units units;
  for (const auto& group : kSame) {
    for (const std::string& spelling : group) EXPECT_TRUE(units.AreSame(group[0], spelling)) << spelling;
  }
}

TEST(Units, AreOthersWhereTheFigureWouldBe) {
  const Units units;
  const std::vector<std::pair<std::string, std::string>> kOthers = {{"orang", "orang (ribu)"},
                                                                    {"rupiah", "rupiah (juta)"},
                                                                    {"rupiah", "juta rupiah"},
                                                                    {"ton", "kuintal"},
                                                                    {"ton/ha", "ku/ha"},
                                                                    {"persen", "poin"},
                                                                    {"m", "m2"},
                                                                    {"ha", "km2"},
                                                                    {"orang", "keluarga"},
                                                                    {"ton (gabah)", "ton"},
                                                                    {"kg", "kg/kapita"},
                                                                    {"persen", "permil"},
                                                                    {"unit", "buah"},
                                                                    {"kepala keluarga", "orang"},
                                                                    {"ribu orang", "orang"}};
  for (const auto& [a, b] : kOthers) EXPECT_FALSE(units.AreSame(a, b)) << a << " = " << b;
}

TEST(Units, TakeAliasesOfARegion) {
  const Units units({{"Poktan", "Kelompok Tani"}, {"Kel.", "kelurahan"}});
  EXPECT_TRUE(units.AreSame("poktan", "kelompok tani"));
  EXPECT_TRUE(units.AreSame("kel", "Kelurahan"));
  EXPECT_FALSE(Units().AreSame("poktan", "kelompok tani"));
}

}  // namespace
}  // namespace satudata::catalog
