#include "server/catalog/exported_file.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kFull[] = R"({
  "_id": {"$oid": "665f1c0a9d3e4b0012345678"},
  "name": "  Jumlah Dokter Spesialis  ",
  "temadataset": "Kesehatan",
  "metaData": {
    "produsen": "Dinas Kesehatan",
    "cakupandata": "Kabupaten",
    "frekuensi": "Tahunan",
    "dimensidataset": "Tahun",
    "createdAt": {"$date": "2024-06-04T13:45:30.250Z"},
    "updatedAt": {"$date": {"$numberLong": "1717508731250"}}
  },
  "filename": "dokter 2024.csv",
  "fileType": "csv",
  "isPublic": false,
  "StatusVerifikasi": "Sudah Verifikasi",
  "kodepemda": "1612",
  "indicatorValues": [
    {"kodeindikator": "1.02.000318", "tahun": 2024, "nilai": 9},
    {"kodeindikator": " 1.02.000319 ", "tahun": "2024", "nilai": "2,24", "kodepemda": "1613"}
  ],
  "__v": 0,
  "tags": ["a", {"b": [1, null, true]}]
})";

FileWithValues Parse(absl::string_view json) {
  const absl::StatusOr<FileWithValues> file = ParseExportedFile(json, 1);
  EXPECT_TRUE(file.ok()) << file.status() << "\n" << json;
  return file.ok() ? *file : FileWithValues();
}

// With an _id and the given further members.
FileWithValues ParseWith(absl::string_view members) {
  return Parse(absl::StrCat(R"({"_id": "f1", )", members, "}"));
}

// `nilai` as JSON writes it, in a file of its own.
IndicatorValue ParseNilai(absl::string_view nilai) {
  FileWithValues file = ParseWith(absl::StrCat(
      R"("indicatorValues": [{"kodeindikator": "1.02.000318", "tahun": "2024", "nilai": )", nilai, "}]"));
  EXPECT_THAT(file.values, SizeIs(1));
  return file.values.empty() ? IndicatorValue() : file.values[0];
}

Failure Refusal(absl::string_view json, int64_t line = 7) {
  const absl::StatusOr<FileWithValues> file = ParseExportedFile(json, line);
  EXPECT_FALSE(file.ok()) << json;
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  return FailureOf(file.status());
}

TEST(ParseExportedFile, ReadsEveryField) {
  const CatalogFile file = Parse(kFull).file;
  EXPECT_EQ(file.file_id, "665f1c0a9d3e4b0012345678");
  EXPECT_EQ(file.name, "Jumlah Dokter Spesialis");
  EXPECT_EQ(file.theme, "Kesehatan");
  EXPECT_EQ(file.producer, "Dinas Kesehatan");
  EXPECT_EQ(file.coverage, "Kabupaten");
  EXPECT_EQ(file.frequency, "Tahunan");
  EXPECT_EQ(file.dimension, "Tahun");
  EXPECT_EQ(file.file_name, "dokter 2024.csv");
  EXPECT_EQ(file.file_type, "csv");
  EXPECT_FALSE(file.is_public);
  EXPECT_EQ(file.verification, Verification::kVerified);
  EXPECT_EQ(file.kodepemda, "1612");
  EXPECT_EQ(file.source_create_time, absl::FromUnixMillis(1717508730250));
  EXPECT_EQ(file.source_update_time, absl::FromUnixMillis(1717508731250));
  EXPECT_TRUE(file.has_inline_values);
}

TEST(ParseExportedFile, ReadsAndJudgesInlineValues) {
  const std::vector<IndicatorValue> values = Parse(kFull).values;
  ASSERT_THAT(values, SizeIs(2));
  EXPECT_EQ(values[0].position, 1);
  EXPECT_EQ(values[0].kodeindikator, "1.02.000318");
  EXPECT_EQ(values[0].tahun, "2024");
  EXPECT_EQ(values[0].raw_value, "9");
  EXPECT_EQ(values[0].value, "9");
  EXPECT_EQ(values[0].kodepemda, "");
  EXPECT_EQ(values[0].line, 0);
  EXPECT_EQ(values[0].column, "");
  EXPECT_EQ(values[1].position, 2);
  EXPECT_EQ(values[1].kodeindikator, "1.02.000319");
  EXPECT_EQ(values[1].value, "2.24");
  EXPECT_EQ(values[1].kodepemda, "1613");
}

TEST(ParseExportedFile, NeedsAnIdAlone) {
  const FileWithValues file = Parse(R"({"_id": "f1"})");
  EXPECT_EQ(file.file.file_id, "f1");
  EXPECT_EQ(file.file.verification, Verification::kUnverified);
  EXPECT_TRUE(file.file.is_public);
  EXPECT_FALSE(file.file.has_inline_values);
  EXPECT_EQ(file.file.source_create_time, std::nullopt);
  EXPECT_THAT(file.values, IsEmpty());
}

TEST(ParseExportedFile, RefusesWhatHasNoId) {
  for (absl::string_view json :
       {"{}", R"({"name": "x"})", R"({"_id": ""})", R"({"_id": "  "})", R"({"_id": null})", R"({"_id": {}})",
        R"({"_id": []})", R"({"_id": {"oid": "x"}})", R"({"_id": "x", "_id": null})",
        R"({"metaData": {"_id": "x"}})"}) {
    EXPECT_EQ(Refusal(json), (Failure{.reason = Reason::kIdMissing, .args = {{"line", "7"}}})) << json;
  }
}

TEST(ParseExportedFile, RefusesAnUnknownVerification) {
  const Failure failure = Refusal(R"({"_id": "f1", "StatusVerifikasi": "Sudah"})");
  EXPECT_EQ(failure.reason, Reason::kVerificationUnknown);
  EXPECT_EQ(failure.args, (FailureArgs{{"line", "7"}, {"value", "Sudah"}}));
  EXPECT_EQ(Refusal(R"({"_id": "f1", "StatusVerifikasi": true})").reason, Reason::kVerificationUnknown);
  EXPECT_EQ(Refusal(R"({"_id": "f1", "StatusVerifikasi": {"a": 1}})").reason, Reason::kVerificationUnknown);
}

TEST(ParseExportedFile, TakesAMissingVerificationForNone) {
  EXPECT_EQ(ParseWith(R"("StatusVerifikasi": null)").file.verification, Verification::kUnverified);
  EXPECT_EQ(ParseWith(R"("StatusVerifikasi": "")").file.verification, Verification::kUnverified);
  EXPECT_EQ(ParseWith(R"("StatusVerifikasi": " ditolak ")").file.verification, Verification::kRefused);
}

TEST(ParseExportedFile, RefusesWhatIsNotJson) {
  for (absl::string_view json :
       {"", "{", R"({"_id": "f1")", R"({"_id": "f1"}})", R"({"_id": "f1",})", R"({"_id" "f1"})",
        R"({'_id': 'f1'})", R"({"_id": f1})", R"({"_id": "f1"} x)", "{\"_id\": \"f\xFF\"}",
        "{\"_id\": \"a\nb\"}", R"({"_id": "f1", "n": 01})", R"({"_id": "f1", "n": NaN})"}) {
    const Failure failure = Refusal(json);
    EXPECT_EQ(failure.reason, Reason::kLineNotJson) << json;
    EXPECT_EQ(failure.args.at("line"), "7");
  }
}

TEST(ParseExportedFile, SaysAtWhichByteTheJsonBreaks) {
  EXPECT_EQ(Refusal(R"({"_id": nope})").args.at("detail"), "byte 10");
}

TEST(ParseExportedFile, RefusesWhatIsNoObject) {
  for (absl::string_view json : {"[]", R"(["x"])", "null", "true", "12", "1.5", R"("text")"}) {
    EXPECT_EQ(Refusal(json).reason, Reason::kLineNotObject) << json;
  }
}

TEST(ParseExportedFile, RefusesDeepNestingWithoutCallingItself) {
  const std::string deep = std::string(2'000'000, '[');
  EXPECT_EQ(Refusal(absl::StrCat(R"({"_id": "f1", "x": )", deep)).args.at("detail"), "depth > 32");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  EXPECT_EQ(Refusal(objects).args.at("detail"), "depth > 32");
}

TEST(ParseExportedFile, RefusesMoreValuesThanARegionHas) {
  std::string elements = "{}";
  for (int64_t i = 0; i < kMaxInlineValues; ++i) elements += ",{}";
  const Failure failure = Refusal(absl::StrCat(R"({"_id": "f1", "indicatorValues": [)", elements, "]}"));
  EXPECT_EQ(failure.reason, Reason::kTooManyValues);
  EXPECT_EQ(failure.args.at("limit"), absl::StrCat(kMaxInlineValues));
}

TEST(ParseExportedFile, KeepsMetadataOfAnotherTypeAsTextOrEmpty) {
  const CatalogFile file =
      ParseWith(R"("name": 2024, "temadataset": ["a"], "filename": {"x": "y"}, "fileType": null,
                                        "metaData": {"produsen": true, "frekuensi": 1.50})")
          .file;
  EXPECT_EQ(file.name, "2024");
  EXPECT_EQ(file.theme, "");
  EXPECT_EQ(file.file_name, "");
  EXPECT_EQ(file.file_type, "");
  EXPECT_EQ(file.producer, "true");
  EXPECT_EQ(file.frequency, "1.50");
}

TEST(ParseExportedFile, PassesOverMetadataThatIsNoObject) {
  for (absl::string_view metadata : {"null", "1", R"("produsen")", R"([{"produsen": "x"}])"}) {
    EXPECT_EQ(ParseWith(absl::StrCat(R"("metaData": )", metadata)).file.producer, "") << metadata;
  }
}

TEST(ParseExportedFile, TakesAnIdOfAnyScalarType) {
  EXPECT_EQ(Parse(R"({"_id": "665f"})").file.file_id, "665f");
  EXPECT_EQ(Parse(R"({"_id": 12})").file.file_id, "12");
  EXPECT_EQ(Parse(R"({"_id": {"$oid": "665f"}})").file.file_id, "665f");
}

struct PublicCase {
  const char* json;
  bool is_public;
};

// Publishing by mistake cannot be undone, so what is there but unreadable is private.
TEST(ParseExportedFile, TakesAnUnreadableIsPublicForPrivate) {
  for (const PublicCase& c :
       {PublicCase{"true", true}, PublicCase{"false", false}, PublicCase{R"("true")", true},
        PublicCase{R"("False")", false}, PublicCase{"1", true}, PublicCase{"0", false},
        PublicCase{"null", true}, PublicCase{R"("umum")", false}, PublicCase{R"({"a": 1})", false},
        PublicCase{"[true]", false}}) {
    EXPECT_EQ(ParseWith(absl::StrCat(R"("isPublic": )", c.json)).file.is_public, c.is_public) << c.json;
  }
}

TEST(ParseExportedFile, ReadsTimesInEveryFormOfTheExport) {
  const absl::Time time = absl::FromUnixSeconds(1704067200);
  for (absl::string_view json :
       {R"({"$date": "2024-01-01T00:00:00Z"})", R"({"$date": "2024-01-01T00:00:00.000Z"})",
        R"({"$date": "2024-01-01T07:00:00+07:00"})", R"({"$date": "2024-01-01T07:00:00.000+0700"})",
        R"({"$date": 1704067200000})", R"({"$date": {"$numberLong": "1704067200000"}})",
        R"("2024-01-01T00:00:00Z")", R"("2024-01-01")", "1704067200000"}) {
    const CatalogFile file = ParseWith(absl::StrCat(R"("metaData": {"createdAt": )", json, "}")).file;
    EXPECT_EQ(file.source_create_time, time) << json;
  }
}

TEST(ParseExportedFile, LeavesOutATimeThatMakesNoSense) {
  for (absl::string_view json :
       {R"("kemarin")", "null", "{}", R"({"$date": null})", R"({"$date": {"$numberLong": "x"}})",
        "9223372036854775807", "-9223372036854775808", R"("infinite-future")", R"("99999-01-01T00:00:00Z")",
        "1e300", "true"}) {
    const CatalogFile file = ParseWith(absl::StrCat(R"("metaData": {"createdAt": )", json, "}")).file;
    EXPECT_EQ(file.source_create_time, std::nullopt) << json;
  }
}

TEST(ParseExportedFile, KeepsTheDigitsOfAJsonNumber) {
  const IndicatorValue value = ParseNilai("12345678901234567890.10");
  EXPECT_EQ(value.raw_value, "12345678901234567890.10");
  EXPECT_TRUE(value.is_exact);
  EXPECT_EQ(value.value, "12345678901234567890.1");
  EXPECT_EQ(ParseNilai("98765432109876543210").value, "98765432109876543210");
  EXPECT_EQ(ParseNilai("-9223372036854775808").value, "-9223372036854775808");
  EXPECT_EQ(ParseNilai("0.1000000000000000055511151231257827").value, "0.1000000000000000055511151231257827");
}

TEST(ParseExportedFile, NeverTakesAJsonNumberForAmbiguous) {
  EXPECT_EQ(ParseNilai("54.852").value, "54.852");
  EXPECT_EQ(ParseNilai("1.234").value, "1.234");
  EXPECT_EQ(ParseNilai(R"("54.852")").finding.reason, Reason::kNumberAmbiguous);
}

TEST(ParseExportedFile, ReadsNumbersOfExtendedJson) {
  EXPECT_EQ(ParseNilai(R"({"$numberInt": "9"})").value, "9");
  EXPECT_EQ(ParseNilai(R"({"$numberLong": "1234567"})").value, "1234567");
  EXPECT_EQ(ParseNilai(R"({"$numberDouble": "54.852"})").value, "54.852");
  EXPECT_EQ(ParseNilai(R"({"$numberDecimal": "2.240"})").value, "2.24");
  EXPECT_EQ(ParseNilai(R"({"$numberDouble": "Infinity"})").finding.reason, Reason::kNumberInvalid);
}

TEST(ParseExportedFile, TakesNullForAnAbsentValueAndAnythingElseForNoNumber) {
  EXPECT_EQ(ParseNilai("null").finding.reason, Reason::kValueAbsent);
  EXPECT_EQ(ParseNilai(R"("-")").finding.reason, Reason::kValueAbsent);
  EXPECT_EQ(ParseNilai("true").finding.reason, Reason::kNumberInvalid);
  EXPECT_EQ(ParseNilai("[9]").finding.reason, Reason::kNumberInvalid);
  EXPECT_EQ(ParseNilai(R"({"jumlah": 9})").finding.reason, Reason::kNumberInvalid);
}

TEST(ParseExportedFile, TakesAMissingNilaiForAbsent) {
  const FileWithValues file =
      ParseWith(R"("indicatorValues": [{"kodeindikator": "1.02.000318", "tahun": 2024}])");
  EXPECT_EQ(file.values[0].finding.reason, Reason::kValueAbsent);
}

TEST(ParseExportedFile, ReadsAYearAsTextOrNumber) {
  for (absl::string_view tahun : {"2024", R"("2024")", "2024.0", R"({"$numberInt": "2024"})"}) {
    const FileWithValues file = ParseWith(absl::StrCat(
        R"("indicatorValues": [{"kodeindikator": "1.02.000318", "nilai": 1, "tahun": )", tahun, "}]"));
    EXPECT_EQ(file.values[0].tahun, "2024") << tahun;
    EXPECT_EQ(file.values[0].value, "1") << tahun;
  }
}

TEST(ParseExportedFile, KeepsAnElementThatIsNoObjectWithWhatIsWrong) {
  const FileWithValues file = ParseWith(
      R"("indicatorValues": [1, {"kodeindikator": "1.02.000318", "tahun": 2024, "nilai": 9}, [{"nilai": 3}], null])");
  ASSERT_THAT(file.values, SizeIs(4));
  EXPECT_EQ(file.values[0].finding, (Failure{.reason = Reason::kRowMalformed,
                                             .args = {{"line", "1"}, {"detail", "indicatorValues[0]"}}}));
  EXPECT_EQ(file.values[1].value, "9");
  EXPECT_EQ(file.values[2].finding.args.at("detail"), "indicatorValues[2]");
  EXPECT_EQ(file.values[3].finding.args.at("detail"), "indicatorValues[3]");
  EXPECT_EQ(file.values[3].position, 4);
}

TEST(ParseExportedFile, TakesEmptyOrOddIndicatorValuesForNone) {
  for (absl::string_view json : {"[]", "null", "1", R"("x")", R"({"kodeindikator": "1.02.000318"})"}) {
    const FileWithValues file = ParseWith(absl::StrCat(R"("indicatorValues": )", json));
    EXPECT_THAT(file.values, IsEmpty()) << json;
    EXPECT_FALSE(file.file.has_inline_values) << json;
  }
}

TEST(ParseExportedFile, LetsTheLastOfTwoEqualNamesCount) {
  const FileWithValues file = Parse(R"({"_id": "a", "_id": "f1", "name": "x", "name": {"y": 1},
      "metaData": {"produsen": "A", "frekuensi": "F"}, "metaData": {"produsen": "B"},
      "indicatorValues": [{"kodeindikator": "1.02.000318", "tahun": 2024, "nilai": 1}],
      "indicatorValues": [{"kodeindikator": "1.02.000319", "tahun": 2024, "nilai": 2, "nilai": "3,5"}]})");
  EXPECT_EQ(file.file.file_id, "f1");
  EXPECT_EQ(file.file.name, "");
  EXPECT_EQ(file.file.producer, "B");
  EXPECT_EQ(file.file.frequency, "");
  ASSERT_THAT(file.values, SizeIs(1));
  EXPECT_EQ(file.values[0].kodeindikator, "1.02.000319");
  EXPECT_EQ(file.values[0].value, "3.5");
  EXPECT_FALSE(file.values[0].is_exact);
}

TEST(ParseExportedFile, IsNotFooledByNamesThatLookLikePaths) {
  const FileWithValues file = ParseWith(R"("metaData/produsen": "x", "indicatorValues": {"[]": {"nilai": 1}},
      "/indicatorValues/[]/nilai": 3, "": "y", "[]": {"kodeindikator": "z"})");
  EXPECT_EQ(file.file.producer, "");
  EXPECT_THAT(file.values, IsEmpty());
}

TEST(ParseExportedFile, PassesOverAByteOrderMark) {
  EXPECT_EQ(Parse("\xEF\xBB\xBF{\"_id\": \"f1\"}").file.file_id, "f1");
}

TEST(ParseExportedFile, ReadsTheMapping) {
  const FileWithValues file = ParseWith(
      R"("mapping": {"sheet": "Data", "header_row": 7, "value_column": "C", "tahun": 2024, "unit_column": null,
          "number_format": "INDONESIAN"},
         "indicatorValues": [{"kodeindikator": "1.02.000318", "tahun": 2024, "nilai": "1.234", "satuan": "orang"}])");
  EXPECT_EQ(file.file.mapping, (FileMapping{.sheet = "Data",
                                            .header_row = 7,
                                            .value_column = "C",
                                            .tahun = "2024",
                                            .number_format = NumberFormat::kIndonesian}));
  EXPECT_FALSE(file.keeps_mapping);
  EXPECT_EQ(file.values[0].value, "1234");
  EXPECT_EQ(file.values[0].satuan, "orang");
}

TEST(ParseExportedFile, LeavesTheMappingAloneOnlyWhereItIsNotSpokenOf) {
  EXPECT_TRUE(ParseWith(R"("name": "x")").keeps_mapping);
  EXPECT_FALSE(ParseWith(R"("mapping": null)").keeps_mapping);
  EXPECT_FALSE(ParseWith(R"("mapping": {})").keeps_mapping);
  EXPECT_TRUE(ParseWith(R"("mapping/sheet": "x", "mappings": {"sheet": "x"})").file.mapping.empty());
}

TEST(ParseExportedFile, RefusesAMappingThatItDoesNotUnderstand) {
  const std::vector<std::pair<std::string, std::string>> kWrong = {
      {R"({"valueColumn": "C"})", "mapping.valueColumn"},
      {R"({"": "C"})", "mapping"},
      {R"({"header_row": "tiga"})", "mapping.header_row"},
      {R"({"number_format": "BELANDA"})", "mapping.number_format"},
      {R"({"sheet": {"nama": "x"}})", "mapping.nama"},
      {R"({"sheet": ["x"]})", "mapping"},
      {R"("C")", "mapping"},
      {R"([1])", "mapping"}};
  for (const auto& [json, field] : kWrong) {
    const Failure failure = Refusal(absl::StrCat(R"({"_id": "a", "mapping": )", json, "}"));
    EXPECT_EQ(failure.reason, Reason::kFieldInvalid) << json;
    EXPECT_EQ(failure.args.at("field"), field) << json;
    EXPECT_EQ(failure.args.at("line"), "7") << json;
  }
}

TEST(ParseExportedFile, FindsContradictionsWithinTheFile) {
  const FileWithValues file = ParseWith(
      R"("indicatorValues": [{"kodeindikator": "1.02.000318", "tahun": 2024, "nilai": 9},
                             {"kodeindikator": "1.02.000318", "tahun": "2024", "nilai": "10"}])");
  EXPECT_EQ(file.values[0].finding.reason, Reason::kValuesContradict);
  EXPECT_EQ(file.values[1].finding.reason, Reason::kValuesContradict);
}

TEST(ExportedFileTest, RefusesAnIdThatNoCallCouldName) {
  for (const std::string& id : {std::string(129, 'a'), std::string("a\\u0000b"), std::string("a\\nb")}) {
    const auto file = ParseExportedFile("{\"_id\": \"" + id + "\"}", 1);
    ASSERT_FALSE(file.ok()) << id;
    EXPECT_EQ(FailureOf(file.status()).reason, Reason::kFieldInvalid);
  }
  EXPECT_TRUE(ParseExportedFile("{\"_id\": \"" + std::string(128, 'a') + "\"}", 1).ok());
}

}  // namespace
}  // namespace satudata::catalog
