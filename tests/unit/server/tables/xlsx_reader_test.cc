#include "server/tables/xlsx_reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/tables/package.h"
#include "tests/unit/server/tables/reading.h"

namespace satudata::tables {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::vector<std::string> Sheets(absl::string_view bytes, const TableLimits& limits = TableLimits()) {
  const auto reader = XlsxReader::Create(FileOf(bytes), limits, testing::TempDir());
  if (!reader.ok()) return {absl::StrCat("! ", reader.status().ToString())};
  return SheetsOf(**reader);
}

// The rows of one sheet, whose data stand between the tags of `sheetData`.
std::vector<std::string> Rows(absl::string_view data, const Parts& more = {},
                              const TableLimits& limits = TableLimits()) {
  std::vector<std::string> lines =
      Sheets(MakeXlsx(absl::StrCat("<sheetData>", data, "</sheetData>"), more), limits);
  if (!lines.empty() && lines[0] == "# S") lines.erase(lines.begin());
  return lines;
}

std::string OnlyRow(absl::string_view cells, const Parts& more = {}) {
  const std::vector<std::string> rows = Rows(absl::StrCat("<row>", cells, "</row>"), more);
  return rows.size() == 1 ? rows[0] : absl::StrCat(rows.size(), " rows");
}

TEST(XlsxReader, ReadsEveryTypeOfCell) {
  EXPECT_EQ(OnlyRow("<c t='s'><v>1</v></c><c t='str'><f>A1</f><v>x</v></c>"
                    "<c t='inlineStr'><is><t>in</t></is></c><c t='b'><v>1</v></c><c t='e'><v>#N/A</v></c>"
                    "<c t='d'><v>2024-01-31T00:00:00</v></c><c t='d'><v>2024-01-31T13:45:00Z</v></c>"
                    "<c t='n'><v>2.50</v></c><c><v>7</v></c>",
                    {SharedTexts("<si><t>no</t></si><si><t>yes</t></si>")}),
            "1:yes|x|in|b:TRUE|e:#N/A|d:2024-01-31|d:2024-01-31 13:45:00|n:2.5|n:7");
}

TEST(XlsxReader, PutsCellsWhereTheySayTheyAre) {
  EXPECT_THAT(
      Rows("<row r='3'><c r='B3'><v>1</v></c><c r='D3'><v>2</v></c></row>"
           "<row><c><v>3</v></c><c r='C4'><v>4</v></c><c><v>5</v></c></row><row r='9'><c><v>6</v></c></row>"),
      ElementsAre("3:|n:1||n:2", "4:n:3||n:4|n:5", "9:n:6"));
}

TEST(XlsxReader, LeavesOutWhatIsEmpty) {
  EXPECT_THAT(Rows("<row r='1'/><row r='2'><c r='A2' s='1'/></row><row r='3'><c r='A3'><v>1</v></c>"
                   "<c r='B3' s='1'/></row><row r='4'><c t='str'><v> </v></c></row>"),
              ElementsAre("3:n:1"));
}

TEST(XlsxReader, IgnoresWhatTheSheetSaysOfItsSize) {
  EXPECT_THAT(Sheets(MakeXlsx("<dimension ref='A1'/><sheetData><row r='2'><c r='B2'><v>1</v></c></row>"
                              "</sheetData>")),
              ElementsAre("# S", "2:|n:1"));
}

TEST(XlsxReader, ReadsPrefixesAndTheStrictStandard) {
  const std::string sheet =
      "<x:worksheet xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main'><x:sheetData><x:row r='1'>"
      "<x:c r='A1' t='s'><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>";
  const std::string relations =
      "<Relationships><Relationship Id='a' Target='/xl/worksheets/sheet1.xml' "
      "Type='http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet'/><Relationship Id='b' "
      "Target='sharedStrings.xml' "
      "Type='http://purl.oclc.org/ooxml/officeDocument/relationships/sharedStrings'/></Relationships>";
  const std::string book =
      "<x:workbook xmlns:x='u' xmlns:rel='v'><x:sheets><x:sheet name='P' sheetId='4' rel:id='a'/></x:sheets>"
      "</x:workbook>";
  const std::string texts = "<x:sst xmlns:x='u'><x:si><x:t>yes</x:t></x:si></x:sst>";
  EXPECT_THAT(Sheets(MakeXlsx("", {{"xl/worksheets/sheet1.xml", sheet},
                                   {"xl/_rels/workbook.xml.rels", relations},
                                   {"xl/workbook.xml", book},
                                   {"xl/sharedStrings.xml", texts}})),
              ElementsAre("# P", "1:yes"));
}

TEST(XlsxReader, JoinsRichTextWithoutReadings) {
  EXPECT_EQ(
      OnlyRow("<c t='s'><v>0</v></c><c t='inlineStr'><is><r><t>a</t></r><r><t>b</t></r>"
              "<rPh sb='0' eb='1'><t>no</t></rPh></is></c>",
              {SharedTexts("<si><r><rPr><b/></rPr><t xml:space='preserve'>Kota </t></r><r><t>Baru</t></r>"
                           "<rPh sb='0' eb='2'><t>KOTA</t></rPh></si>")}),
      "1:Kota Baru|ab");
}

TEST(XlsxReader, UnderstandsEscapedCharacters) {
  EXPECT_EQ(OnlyRow("<c t='s'><v>0</v></c><c t='str'><v>_x0041__x005F_x0042_ _xZZZZ_ _x00</v></c>",
                    {SharedTexts("<si><t>a_x000D_b</t></si>")}),
            "1:a\rb|A_x0042_ _xZZZZ_ _x00");
}

TEST(XlsxReader, TellsFormulasThatWereNeverCalculated) {
  EXPECT_EQ(OnlyRow("<c><f>1+1</f></c><c><f>1+1</f><v>2</v></c><c><f>1-1</f><v>0</v></c><c><f>1+1</f><v/></c>"
                    "<c t='str'><f>x</f><v></v></c>"),
            "1:e:|n:2|n:0|e:");
}

TEST(XlsxReader, BelievesNoZeroOfAWorkbookThatAsksToBeCalculated) {
  const std::string book =
      "<workbook xmlns:r='u'><sheets><sheet name='S' r:id='rId1'/></sheets>"
      "<calcPr fullCalcOnLoad='1'/></workbook>";
  EXPECT_EQ(OnlyRow("<c><f>1-1</f><v>0</v></c><c><f>1+1</f><v>2</v></c><c><v>0</v></c>",
                    {{"xl/workbook.xml", book}}),
            "1:e:|n:2|n:0");
}

TEST(XlsxReader, TellsWhatIsHidden) {
  EXPECT_THAT(Sheets(MakeXlsx("<cols><col min='2' max='2' hidden='1'/><col min='4' max='16384' width='0'/>"
                              "<col min='1' max='1' width='9'/></cols><sheetData>"
                              "<row><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c><c><v>4</v></c></row>"
                              "<row hidden='true'><c><v>1</v></c></row><row ht='0'><c><v>1</v></c></row>"
                              "<row ht='15' hidden='0'><c><v>1</v></c></row></sheetData>")),
              ElementsAre("# S", "1:n:1|n:2?|n:3|n:4?", "2:n:1?", "3:n:1?", "4:n:1"));
}

TEST(XlsxReader, MergesCells) {
  EXPECT_THAT(
      Sheets(MakeXlsx("<sheetData><row r='1'><c r='A1' t='str'><v>h</v></c></row>"
                      "<row r='2'><c r='A2' t='str'><v>a</v></c><c r='B2'><v>1</v></c></row>"
                      "<row r='3'><c r='B3'><v>2</v></c></row></sheetData>"
                      "<mergeCells><mergeCell ref='A1:XFD1'/><mergeCell ref='A2:A1048576'/></mergeCells>")),
      ElementsAre("# S", "1:h|h^", "2:a|n:1", "3:a^|n:2"));
}

TEST(XlsxReader, TakesNoWordInATextForMergedCells) {
  EXPECT_EQ(OnlyRow("<c t='str'><v>mergeCells</v></c>"), "1:mergeCells");
}

TEST(XlsxReader, AppliesFormats) {
  EXPECT_EQ(OnlyRow("<c s='1'><v>0.45</v></c><c s='2'><v>45322</v></c><c s='3'><v>45322</v></c>"
                    "<c s='4'><v>1234567</v></c><c s='5'><v>1</v></c><c s='99'><v>1</v></c>",
                    {Styles({"0%", "dd/mm/yyyy", "yyyy", "#,##0,", ";;;"})}),
            "1:n:0.45{45}|d:2024-01-31|d:2024|n:1234567{1234.567}|n:1?|n:1");
}

TEST(XlsxReader, KeepsWholeNumbersAndRoundsOthersToFifteenDigits) {
  EXPECT_EQ(OnlyRow("<c><v>12345678901234567</v></c><c><v>0.30000000000000004</v></c><c><v>1.5E-5</v></c>"
                    "<c><v>NaN</v></c>"),
            "1:n:12345678901234567|n:0.3|n:0.000015|e:NaN");
}

TEST(XlsxReader, KeepsTextsBeyondItsMemoryInAFile) {
  std::string items;
  std::string rows;
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&items, "<si><t>text ", i, "</t></si>");
    absl::StrAppend(&rows, "<row><c t='s'><v>", 999 - i, "</v></c></row>");
  }
  const std::vector<std::string> lines = Rows(rows, {SharedTexts(items)}, {.max_texts_in_memory = 500});
  ASSERT_THAT(lines, SizeIs(1000));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(lines[i], absl::StrCat(i + 1, ":text ", 999 - i));
}

TEST(XlsxReader, SkipsSheetsOfCharts) {
  const std::string relations =
      "<Relationships><Relationship Id='rId1' Target='chartsheets/sheet1.xml' Type='a/chartsheet'/>"
      "<Relationship Id='rId2' Target='worksheets/sheet1.xml' Type='a/worksheet'/></Relationships>";
  const std::string book =
      "<workbook xmlns:r='u'><sheets><sheet name='C' r:id='rId1'/><sheet name='D' state='hidden' "
      "r:id='rId2'/>"
      "</sheets></workbook>";
  EXPECT_THAT(Sheets(MakeXlsx("<sheetData><row><c><v>1</v></c></row></sheetData>",
                              {{"xl/_rels/workbook.xml.rels", relations}, {"xl/workbook.xml", book}})),
              ElementsAre("# D?", "1:n:1?"));
}

TEST(XlsxReader, BoundsTextsCellsAndRows) {
  const TableLimits limits{.max_cell_bytes = 4, .max_row_bytes = 9, .max_cells = 5, .max_rows = 6};
  EXPECT_THAT(Rows("<row><c t='str'><v>1234</v></c><c t='str'><v>12345</v></c><c><v>1</v></c></row>"
                   "<row><c t='s'><v>0</v></c></row>"
                   "<row><c t='str'><v>abcd</v></c><c t='str'><v>efgh</v></c><c t='str'><v>ij</v></c></row>"
                   "<row><c r='E4'><v>1</v></c><c r='F4'><v>1</v></c></row>"
                   "<row r='7'><c><v>1</v></c></row>",
                   {SharedTexts("<si><t>abcde</t></si>")}, limits),
              ElementsAre("1:1234!long", "2:!long", "3:abcd|efgh!long", "4:||||n:1!many",
                          HasSubstr("RESOURCE_EXHAUSTED: xl/worksheets/sheet1.xml: rows > 6")));
}

TEST(XlsxReader, TakesNoTextForWholeThatWasCut) {
  const TableLimits limits{.max_cell_bytes = 20};
  const std::string blanks = absl::StrCat("abc", std::string(30, ' '), "def");
  const std::string escapes = "_x0041__x0041__x0041__x0041_";
  EXPECT_THAT(
      Rows(absl::StrCat("<row><c t='s'><v>0</v></c></row><row><c t='s'><v>1</v></c></row><row><c t='str'><v>",
                        blanks, "</v></c></row><row><c t='str'><v>", escapes, "</v></c></row>"),
           {SharedTexts(absl::StrCat("<si><t>", blanks, "</t></si><si><t>", escapes, "</t></si>"))}, limits),
      ElementsAre("1:!long", "2:!long", "3:!long", "4:!long"));
}

TEST(XlsxReader, RefusesRowsAndCellsOutOfOrder) {
  EXPECT_THAT(Rows("<row r='2'><c><v>1</v></c></row><row r='1'><c><v>1</v></c></row>"),
              ElementsAre("2:n:1", HasSubstr("DATA_LOSS: xl/worksheets/sheet1.xml: row 1 behind row 2")));
  for (const absl::string_view row : {"<row r='2'><c r='B2'><v>1</v></c><c r='A2'><v>1</v></c></row>",
                                      "<row r='2'><c r='A3'><v>1</v></c></row>", "<row r='x'/>",
                                      "<row r='0'/>", "<row r='-1'/>", "<row><c r='1'/></row>"}) {
    EXPECT_THAT(Rows(row), ElementsAre(StartsWith("! DATA_LOSS"))) << row;
  }
}

TEST(XlsxReader, RefusesTextsThatAreNotThere) {
  for (const absl::string_view index : {"0", "-1", "x", ""}) {
    EXPECT_THAT(Rows(absl::StrCat("<row><c t='s'><v>", index, "</v></c></row>")),
                ElementsAre(StartsWith("! DATA_LOSS")));
  }
}

TEST(XlsxReader, RefusesPartsThatAreNotThere) {
  EXPECT_THAT(Sheets(MakeZip({{"xl/other.xml", ""}})),
              ElementsAre("! DATA_LOSS: xl/workbook.xml is missing"));
  const std::string book = "<workbook xmlns:r='u'><sheets><sheet name='S' r:id='rId9'/></sheets></workbook>";
  EXPECT_THAT(Sheets(MakeXlsx("", {{"xl/workbook.xml", book}})),
              ElementsAre(HasSubstr("DATA_LOSS: xl/workbook.xml: the sheet S leads nowhere")));
  const std::string relations =
      "<Relationships><Relationship Id='rId1' Target='gone.xml' Type='a/worksheet'/></Relationships>";
  EXPECT_THAT(Sheets(MakeXlsx("", {{"xl/_rels/workbook.xml.rels", relations}})),
              ElementsAre("! DATA_LOSS: xl/gone.xml is missing"));
}

TEST(XlsxReader, FollowsNoRelationToTheOutside) {
  const std::string relations =
      "<Relationships><Relationship Id='rId1' Target='http://example.org/s.xml' TargetMode='External' "
      "Type='a/worksheet'/></Relationships>";
  EXPECT_THAT(Sheets(MakeXlsx("", {{"xl/_rels/workbook.xml.rels", relations}})),
              ElementsAre(HasSubstr("leads nowhere")));
}

TEST(XlsxReader, RefusesHostileXml) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<d>";
  EXPECT_THAT(Sheets(MakeXlsx("", {{"xl/worksheets/sheet1.xml", deep}})),
              ElementsAre("# S", StartsWith("! DATA_LOSS")));
  EXPECT_THAT(Sheets(MakeXlsx(deep)), ElementsAre("# S", HasSubstr("RESOURCE_EXHAUSTED")));
  EXPECT_THAT(Sheets(MakeXlsx(
                  "", {{"xl/worksheets/sheet1.xml", "<!DOCTYPE worksheet [<!ENTITY a 'b'>]><worksheet/>"}})),
              ElementsAre("# S", HasSubstr("DATA_LOSS: xl/worksheets/sheet1.xml: XML with a DOCTYPE")));
  EXPECT_THAT(Sheets(MakeXlsx("<sheetData><row>")), ElementsAre("# S", HasSubstr("DATA_LOSS")));
}

TEST(XlsxReader, IsAtItsEndAfterAnError) {
  const auto reader = XlsxReader::Create(FileOf(MakeXlsx("<sheetData><row r='x'/></sheetData>")),
                                         TableLimits(), testing::TempDir());
  ASSERT_TRUE(reader.ok());
  Sheet sheet;
  Row row;
  ASSERT_TRUE((*reader)->NextSheet(sheet).value());
  EXPECT_FALSE((*reader)->NextRow(row).ok());
  EXPECT_FALSE((*reader)->NextRow(row).value());
  EXPECT_FALSE((*reader)->NextSheet(sheet).value());
}

TEST(XlsxReader, ReadsOnlyWhatTheCallerGoesTo) {
  const auto reader = XlsxReader::Create(
      FileOf(MakeXlsx("<sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c></row></sheetData>")),
      TableLimits(), testing::TempDir());
  ASSERT_TRUE(reader.ok());
  Sheet sheet;
  Row row;
  EXPECT_FALSE((*reader)->NextRow(row).value());
  ASSERT_TRUE((*reader)->NextSheet(sheet).value());
  ASSERT_TRUE((*reader)->NextRow(row).value());
  EXPECT_FALSE((*reader)->NextSheet(sheet).value());
  EXPECT_FALSE((*reader)->NextRow(row).value());
}

// A million rows under merged ranges without an end.
TEST(XlsxReader, BoundsTheWorkOfMergedRanges) {
  std::string rows = "<row r='1'><c r='A1'><v>1</v></c><c r='ZZ1'><v>1</v></c></row>";
  for (int i = 2; i <= 10'000; ++i)
    absl::StrAppend(&rows, "<row r='", i, "'><c r='A", i, "'><v>1</v></c></row>");
  const std::vector<std::string> lines =
      Sheets(MakeXlsx(absl::StrCat("<sheetData>", rows,
                                   "</sheetData><mergeCells><mergeCell ref='A1:ZZ1048576'/>"
                                   "</mergeCells>")));
  EXPECT_THAT(lines.back(),
              HasSubstr("RESOURCE_EXHAUSTED: xl/worksheets/sheet1.xml: merged cells > 1000000"));
}

}  // namespace
}  // namespace satudata::tables
