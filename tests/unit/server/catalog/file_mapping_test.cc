#include "server/catalog/file_mapping.h"

#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

TEST(FileMapping, ComesBackAsItWasStored) {
  const FileMapping mapping = {.sheet = "Data \"2024\"",
                               .header_row = 7,
                               .code_column = "B",
                               .year_column = "Tahun",
                               .value_column = "Nilai akhir",
                               .kodepemda_column = "D",
                               .unit_column = "E",
                               .kodeindikator = "1.02.000318",
                               .tahun = "2024",
                               .number_format = NumberFormat::kIndonesian};
  EXPECT_EQ(DecodeMapping(EncodeMapping(mapping)), mapping);
  EXPECT_EQ(EncodeMapping(FileMapping()), "");
  EXPECT_EQ(DecodeMapping(""), FileMapping());
  EXPECT_EQ(DecodeMapping("{"), std::nullopt);
  EXPECT_EQ(DecodeMapping("{\"kolom\":\"x\"}"), std::nullopt);
}

TEST(FileMapping, TellsLettersFromHeadings) {
  EXPECT_EQ(ColumnOfLetters("A"), 0U);
  EXPECT_EQ(ColumnOfLetters("Z"), 25U);
  EXPECT_EQ(ColumnOfLetters("AA"), 26U);
  EXPECT_EQ(ColumnOfLetters("XFD"), 16383U);
  for (absl::string_view heading : {"", "XFE", "a", "Nilai", "NILAI", "C7", "Á"}) {
    EXPECT_EQ(ColumnOfLetters(heading), std::nullopt) << heading;
  }
}

TEST(FileMapping, TakesNoFieldThatItDoesNotKnowOrThatDoesNotSuit) {
  FileMapping mapping;
  EXPECT_EQ(SetMappingField("value_column", " C ", mapping), FieldSet::kOk);
  EXPECT_EQ(mapping.value_column, "C");
  EXPECT_EQ(SetMappingField("header_row", "7", mapping), FieldSet::kOk);
  EXPECT_EQ(SetMappingField("number_format", "english", mapping), FieldSet::kOk);
  EXPECT_EQ(mapping.number_format, NumberFormat::kEnglish);
  EXPECT_EQ(SetMappingField("valueColumn", "C", mapping), FieldSet::kUnknownField);
  EXPECT_EQ(SetMappingField("header_row", "x", mapping), FieldSet::kInvalidValue);
  EXPECT_EQ(SetMappingField("header_row", "-1", mapping), FieldSet::kInvalidValue);
  EXPECT_EQ(SetMappingField("number_format", "DUTCH", mapping), FieldSet::kInvalidValue);
}

}  // namespace
}  // namespace satudata::catalog
