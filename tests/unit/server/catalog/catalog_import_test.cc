#include "server/catalog/catalog_import.h"

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// What was handed on, as `line:id` or `line:REASON`.
std::vector<std::string> Import(absl::string_view bytes, size_t chunk = std::string::npos,
                                ImportOptions options = {}) {
  std::vector<std::string> seen;
  ImportReader reader(options, [&seen](int64_t line, absl::StatusOr<FileWithValues> file) {
    const Failure failure = FailureOf(file.status());
    EXPECT_TRUE(failure.ok() || failure.args.at("line") == absl::StrCat(line));
    seen.push_back(absl::StrCat(
        line, ":", file.ok() ? absl::string_view(file->file.file_id) : ReasonName(failure.reason)));
  });
  while (!bytes.empty()) {
    reader.Feed(bytes.substr(0, chunk));
    bytes.remove_prefix(std::min(chunk, bytes.size()));
  }
  reader.Finish();
  return seen;
}

struct ImportCase {
  const char* name;
  std::string bytes;
  std::vector<std::string> seen;

  friend void PrintTo(const ImportCase& c, std::ostream* out) { *out << c.name; }
};

class ImportReaderTest : public ::testing::TestWithParam<ImportCase> {};

TEST_P(ImportReaderTest, FindsTheObjectsInAnyChunking) {
  for (size_t chunk : {std::string::npos, size_t{1}, size_t{2}, size_t{3}, size_t{7}, size_t{64}}) {
    EXPECT_THAT(Import(GetParam().bytes, chunk), ElementsAreArray(GetParam().seen)) << "chunks of " << chunk;
  }
}

std::string Name(const ::testing::TestParamInfo<ImportCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Good, ImportReaderTest,
    ::testing::Values(
        ImportCase{"Nothing", "", {}}, ImportCase{"Blanks", " \r\n\t\n", {}},
        ImportCase{"EmptyArray", "[]", {}},
        ImportCase{"Lines", "{\"_id\":\"a\"}\n{\"_id\":\"b\"}\n", {"1:a", "2:b"}},
        ImportCase{"LinesWithoutTheLastEnd", "{\"_id\":\"a\"}\n{\"_id\":\"b\"}", {"1:a", "2:b"}},
        ImportCase{"WindowsLines", "{\"_id\":\"a\"}\r\n\r\n{\"_id\":\"b\"}\r\n", {"1:a", "3:b"}},
        ImportCase{"ByteOrderMark", "\xEF\xBB\xBF{\"_id\":\"a\"}\n", {"1:a"}},
        ImportCase{"ByteOrderMarkBeforeAnArray", "\xEF\xBB\xBF[{\"_id\":\"a\"}]", {"1:a"}},
        ImportCase{"Array", "[{\"_id\":\"a\"},{\"_id\":\"b\"}]", {"1:a", "1:b"}},
        ImportCase{"ArrayOnLines", "[{\"_id\":\"a\"},\n{\"_id\":\"b\"}]\n", {"1:a", "2:b"}},
        ImportCase{"TrailingComma", "[{\"_id\":\"a\"},\n{\"_id\":\"b\"},\n]\n", {"1:a", "2:b"}},
        ImportCase{"SeveralOnALine", "{\"_id\":\"a\"}{\"_id\":\"b\"} {\"_id\":\"c\"}", {"1:a", "1:b", "1:c"}},
        ImportCase{
            "Indented",
            "[\n  {\n    \"_id\": \"a\",\n    \"metaData\": {\n      \"produsen\": \"x\"\n    }\n  },\n"
            "  {\n    \"_id\": \"b\"\n  }\n]\n",
            {"2:a", "8:b"}},
        ImportCase{
            "BracketsInText", "{\"_id\":\"a\",\"name\":\"}{][\\\"}{\"}\n{\"_id\":\"b\"}", {"1:a", "2:b"}},
        ImportCase{
            "BackslashBeforeTheQuote", "{\"_id\":\"a\",\"name\":\"x\\\\\"}\n{\"_id\":\"b\"}", {"1:a", "2:b"}},
        ImportCase{"TwoExportsInOne", "[{\"_id\":\"a\"}]\n\xEF\xBB\xBF[{\"_id\":\"b\"}]\n", {"1:a", "2:b"}}),
    Name);

INSTANTIATE_TEST_SUITE_P(
    Broken, ImportReaderTest,
    ::testing::Values(
        ImportCase{"BadToken", "{\"_id\":\"a\",\"n\":nope}\n{\"_id\":\"b\"}", {"1:LINE_NOT_JSON", "2:b"}},
        ImportCase{
            "BadTokenInAnArray", "[{\"_id\":\"a\",\"n\":nope},{\"_id\":\"b\"}]", {"1:LINE_NOT_JSON", "1:b"}},
        ImportCase{"OpenText", "{\"_id\":\"a\",\"name\":\"x}\n{\"_id\":\"b\"}\n", {"1:LINE_NOT_JSON", "2:b"}},
        ImportCase{
            "OpenTextInAnIndentedObject",
            "[\n  {\n    \"_id\": \"a,\n    \"metaData\": {\n    }\n  },\n  {\n    \"_id\": \"b\"\n  }\n]",
            {"2:LINE_NOT_JSON", "7:b"}},
        ImportCase{"MissingBrace", "{\"_id\":\"a\"\n{\"_id\":\"b\"}\n", {"1:LINE_NOT_JSON", "2:b"}},
        ImportCase{"MissingInnerBrace",
                   "{\"_id\":\"a\",\"metaData\":{\"produsen\":\"x\"}\n{\"_id\":\"b\"}\n",
                   {"1:LINE_NOT_JSON", "2:b"}},
        ImportCase{"MissingBraceInAnArray", "[{\"_id\":\"a\",\n{\"_id\":\"b\"}]", {"1:LINE_NOT_JSON", "2:b"}},
        ImportCase{"CutOffAfterAColon",
                   "{\"_id\":\"a\",\"metaData\":\n{\"_id\":\"b\"}\n{\"_id\":\"c\"}\n",
                   {"1:LINE_NOT_JSON", "2:b", "3:c"}},
        ImportCase{"CutOffInItsValues",
                   "{\"_id\":\"a\",\"indicatorValues\":[{\"nilai\":1},\n{\"_id\":\"b\"}\n{\"_id\":\"c\"}\n",
                   {"1:LINE_NOT_JSON", "2:b", "3:c"}},
        ImportCase{"CutOffWhenIndented",
                   "[\n  {\n    \"_id\": \"a\",\n    \"x\": {\n  {\n    \"_id\": \"b\"\n  }\n]",
                   {"2:LINE_NOT_JSON", "5:b"}},
        ImportCase{"CutOffAtTheEnd", "{\"_id\":\"a\"}\n{\"_id\":\"b\",\"na", {"1:a", "2:LINE_NOT_JSON"}},
        ImportCase{"CutOffArray", "[{\"_id\":\"a\"},\n", {"1:a", "2:LINE_NOT_JSON"}},
        ImportCase{
            "MissingBracketWithin", "{\"_id\":\"a\",\"x\":[1}\n{\"_id\":\"b\"}", {"1:LINE_NOT_JSON", "2:b"}},
        ImportCase{"BraceTooMany", "{\"_id\":\"a\"}}\n{\"_id\":\"b\"}", {"1:a", "1:LINE_NOT_JSON", "2:b"}},
        ImportCase{"BracketTooMany", "{\"_id\":\"a\"}]\n{\"_id\":\"b\"}", {"1:a", "1:LINE_NOT_JSON", "2:b"}},
        ImportCase{"NoId", "{\"name\":\"a\"}\n{\"_id\":\"b\"}", {"1:ID_MISSING", "2:b"}},
        ImportCase{"UnknownVerification",
                   "{\"_id\":\"a\",\"StatusVerifikasi\":\"?\"}\n{\"_id\":\"b\"}",
                   {"1:VERIFICATION_UNKNOWN", "2:b"}},
        ImportCase{
            "NoObjects",
            "null\n12\n\"a{b\"\ntrue\n{\"_id\":\"b\"}",
            {"1:LINE_NOT_OBJECT", "2:LINE_NOT_OBJECT", "3:LINE_NOT_OBJECT", "4:LINE_NOT_OBJECT", "5:b"}},
        ImportCase{"NoObjectInAnArray", "[1,{\"_id\":\"a\"},null]", {"1:LINE_NOT_OBJECT", "1:a"}},
        ImportCase{"AnotherFormat",
                   "kodeindikator,tahun,nilai\nDS.01,2024,9\n",
                   {"1:LINE_NOT_JSON", "2:LINE_NOT_JSON"}},
        ImportCase{"LogLinesBetween",
                   "connected to: mongodb\n{\"_id\":\"a\"}\nexported 1 record",
                   {"1:LINE_NOT_JSON", "2:a", "3:LINE_NOT_JSON"}}),
    Name);

TEST(ImportReader, HandsOnEachObjectAsSoonAsItIsThere) {
  int seen = 0;
  ImportReader reader({}, [&](int64_t, const absl::StatusOr<FileWithValues>&) { ++seen; });
  reader.Feed("{\"_id\":\"a\"");
  EXPECT_EQ(seen, 0);
  reader.Feed("}");
  EXPECT_EQ(seen, 1);
}

TEST(ImportReader, RefusesAnObjectThatIsTooLongAndGoesOn) {
  const std::string bytes = absl::StrCat("{\"_id\":\"a\"}\n{\"_id\":\"b\",\"name\":\"",
                                         std::string(1000, 'x'), "\",\"x\":{\"y\":[]}}\n{\"_id\":\"c\"}\n");
  for (size_t chunk : {size_t{1}, size_t{100}, bytes.size()}) {
    EXPECT_THAT(Import(bytes, chunk, {.max_object_bytes = 200}),
                ElementsAre("1:a", "2:LINE_TOO_LONG", "3:c"));
  }
}

TEST(ImportReader, FindsTheRecordsThatACutOffOneHasSwallowed) {
  std::string bytes = "{\"_id\":\"cut\",\"indicatorValues\":[{\"nilai\":1},\n";
  for (int i = 0; i < 50; ++i) absl::StrAppend(&bytes, "{\"_id\":\"f", i, "\"},\n");
  const std::vector<std::string> seen = Import(bytes, 64, {.max_object_bytes = 200});
  ASSERT_THAT(seen, SizeIs(51));
  EXPECT_EQ(seen[0], "1:LINE_TOO_LONG");
  EXPECT_EQ(seen[1], "2:f0");
  EXPECT_EQ(seen[50], "51:f49");
}

TEST(ImportReader, TakesAnObjectOfExactlyTheLimit) {
  const std::string object = "{\"_id\":\"abc\"}";
  EXPECT_THAT(Import(object, 1, {.max_object_bytes = object.size()}), ElementsAre("1:abc"));
  EXPECT_THAT(Import(object, 1, {.max_object_bytes = object.size() - 1}), ElementsAre("1:LINE_TOO_LONG"));
}

TEST(ImportReader, PassesOverDeepNestingAtTheCostOfALine) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "{\"a\":[";
  EXPECT_THAT(Import(absl::StrCat("{\"_id\":\"a\"}\n", deep, "\n{\"_id\":\"b\"}\n")),
              ElementsAre("1:a", "2:LINE_NOT_JSON", "3:b"));
}

// Each line opens an object that none closes: going back after each must not make the time quadratic.
TEST(ImportReader, ReadsHostileNestingOverLinesInLinearTime) {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes += "{\"a\":[\n";
  EXPECT_THAT(Import(bytes), SizeIs(20'000));
}

TEST(ImportReader, CountsLinesOverManyChunks) {
  std::string bytes;
  for (int i = 1; i <= 20'000; ++i) absl::StrAppend(&bytes, "{\"_id\":\"", i, "\"}\n");
  const std::vector<std::string> seen = Import(bytes, 1000);
  ASSERT_THAT(seen, SizeIs(20'000));
  EXPECT_EQ(seen.back(), "20000:20000");
}

TEST(ImportReader, KeepsNothingAfterFinishing) {
  EXPECT_THAT(Import("{"), ElementsAre("1:LINE_NOT_JSON"));
  EXPECT_THAT(Import("x"), ElementsAre("1:LINE_NOT_JSON"));
  EXPECT_THAT(Import("["), ElementsAre("1:LINE_NOT_JSON"));
  EXPECT_THAT(Import("\xEF\xBB"), IsEmpty());
}

}  // namespace
}  // namespace satudata::catalog
