#include "server/tables/file_kind.h"

#include <ostream>
#include <string>

#include "gtest/gtest.h"
#include "tests/unit/server/tables/package.h"
#include "tests/unit/server/tables/reading.h"

namespace satudata::tables {
namespace {

struct KindCase {
  const char* name;
  std::string bytes;
  FileKind kind;

  friend void PrintTo(const KindCase& c, std::ostream* out) { *out << c.name; }
};

class FileKindTest : public ::testing::TestWithParam<KindCase> {};

TEST_P(FileKindTest, IsToldByTheBytes) {
  EXPECT_EQ(SniffKind(FileOf(GetParam().bytes)).value(), GetParam().kind);
}

std::string NameOf(const ::testing::TestParamInfo<KindCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Texts, FileKindTest,
    ::testing::Values(
        KindCase{"Nothing", "", FileKind::kEmpty}, KindCase{"Csv", "kode;nilai\n1;2,5\n", FileKind::kText},
        KindCase{"OneByte", "a", FileKind::kText}, KindCase{"Windows1252", "D\xE9sa;1\n", FileKind::kText},
        KindCase{"MarkedUtf8",
                 "\xEF\xBB\xBF"
                 "a;b\n",
                 FileKind::kText},
        KindCase{"MarkedUtf16",
                 std::string("\xFF\xFE"
                             "a\0b\0",
                             6),
                 FileKind::kText},
        KindCase{"Utf16", std::string("a\0;\0b\0\n\0", 8), FileKind::kText},
        KindCase{"OneStrayControl", std::string(200, 'a') + "\x01;b\n", FileKind::kText},
        KindCase{"Json", "{\"a\": 1}", FileKind::kJson},
        KindCase{"MarkedJson", "\xEF\xBB\xBF[ {\"a\": 1}]", FileKind::kJson},
        KindCase{"EmptyJson", "\n{ }", FileKind::kJson}, KindCase{"JsonOfTexts", "[\"a\"]", FileKind::kJson},
        KindCase{"JsonByNameAlone",
                 "\xEF\xBB\xBF"
                 "kode;nilai\n1;2,5\n",
                 FileKind::kText},
        KindCase{"TitleInBrackets", "[2024] Padi;\nkode;nilai\n", FileKind::kText},
        KindCase{"OneBracket", "{", FileKind::kText}, KindCase{"LessThan", "<5 tahun;12\n", FileKind::kText},
        KindCase{"WebPage", "\xEF\xBB\xBF \n<!DOCTYPE html><table>", FileKind::kHtml},
        KindCase{"HtmlTable", "<table><tr><td>1", FileKind::kHtml},
        KindCase{"HtmlAsXml", "<?xml version=\"1.0\"?><html xmlns=\"x\">", FileKind::kHtml},
        KindCase{"XmlSpreadsheet", "<?xml version=\"1.0\"?><Workbook>", FileKind::kXml},
        KindCase{"XmlWithoutDeclaration", "<gpx xmlns='x'><b/>", FileKind::kXml},
        KindCase{"WebArchive", "MIME-Version: 1.0\r\n", FileKind::kHtml},
        KindCase{"Rtf", "{\\rtf1 a}", FileKind::kRtf}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(Binaries, FileKindTest,
                         ::testing::Values(KindCase{"Pdf", "%PDF-1.7\n", FileKind::kPdf},
                                           KindCase{"PdfBehindBytes", "\r\n\x01%PDF-1.4\n", FileKind::kPdf},
                                           KindCase{"Png", "\x89PNG\r\n\x1A\n....", FileKind::kPng},
                                           KindCase{"Jpeg", "\xFF\xD8\xFF\xE0", FileKind::kJpeg},
                                           KindCase{"Gif", "GIF89a....", FileKind::kGif},
                                           KindCase{"Gzip", "\x1F\x8B\x08", FileKind::kGzip},
                                           KindCase{"Zeros", std::string(100, '\0'), FileKind::kOther},
                                           KindCase{"Controls", std::string(100, '\x02'), FileKind::kOther},
                                           KindCase{"Excel4", std::string("\x09\x04\x06\x00\x00\x00", 6),
                                                    FileKind::kXls}),
                         NameOf);

INSTANTIATE_TEST_SUITE_P(
    Containers, FileKindTest,
    ::testing::Values(
        KindCase{"Xlsx", MakeXlsx(""), FileKind::kXlsx},
        KindCase{"Xlsm", MakeXlsx("", {{"xl/vbaProject.bin", "x"}}), FileKind::kXlsm},
        KindCase{"Xlsb", MakeZip({{"xl/workbook.bin", ""}}), FileKind::kXlsb},
        KindCase{"Docx", MakeZip({{"word/document.xml", ""}}), FileKind::kDocx},
        KindCase{"Pptx", MakeZip({{"ppt/presentation.xml", ""}}), FileKind::kPptx},
        KindCase{"Ods", MakeZip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}}),
                 FileKind::kOds},
        KindCase{"Odt", MakeZip({{"mimetype", "application/vnd.oasis.opendocument.text"}}), FileKind::kOdt},
        KindCase{"OtherMimeType", MakeZip({{"mimetype", "application/epub+zip"}}), FileKind::kZip},
        KindCase{"DocumentWithin", MakeZip({{"embedded/word/document.xml", "x"}}), FileKind::kZip},
        KindCase{"Zip", MakeZip({{"a.csv", "a;b"}}), FileKind::kZip},
        KindCase{"EmptyZip", "PK\x05\x06" + std::string(18, '\0'), FileKind::kZip},
        KindCase{"BrokenZip", "PK\x03\x04 and nothing else", FileKind::kZip},
        KindCase{"TruncatedXlsx", MakeXlsx("").substr(0, 900), FileKind::kXlsx},
        KindCase{"TruncatedDocx", MakeZip({{"word/document.xml", "x"}}).substr(0, 40), FileKind::kDocx},
        KindCase{"Xls", MakeCompound({{"Workbook", "x"}}), FileKind::kXls},
        KindCase{"OldXls", MakeCompound({{"Book", "x"}}), FileKind::kXls},
        KindCase{"Doc", MakeCompound({{"1Table", ""}, {"WordDocument", "x"}}), FileKind::kDoc},
        KindCase{"Ppt", MakeCompound({{"PowerPoint Document", "x"}}), FileKind::kPpt},
        KindCase{"Encrypted", MakeCompound({{"EncryptionInfo", ""}, {"EncryptedPackage", "x"}}),
                 FileKind::kEncryptedOoxml},
        KindCase{"OtherCompound", MakeCompound({{"Something", "x"}}), FileKind::kOther},
        KindCase{"BrokenCompound", MakeCompound({{"Workbook", "x"}}).substr(0, 600), FileKind::kXls}),
    NameOf);

TEST(FileKind, SaysWhichAreTables) {
  for (const FileKind kind : {FileKind::kText, FileKind::kXlsx, FileKind::kXlsm, FileKind::kXls}) {
    EXPECT_TRUE(IsTable(kind));
  }
  for (const FileKind kind :
       {FileKind::kEmpty, FileKind::kHtml, FileKind::kXml, FileKind::kJson, FileKind::kXlsb, FileKind::kOds,
        FileKind::kEncryptedOoxml, FileKind::kPdf, FileKind::kOther}) {
    EXPECT_FALSE(IsTable(kind));
  }
}

TEST(FileKind, HasAnExtensionAndAType) {
  EXPECT_EQ(ExtensionOf(FileKind::kXlsx), ".xlsx");
  EXPECT_EQ(ExtensionOf(FileKind::kJpeg), ".jpg");
  EXPECT_EQ(ExtensionOf(FileKind::kOther), ".bin");
  EXPECT_EQ(MimeTypeOf(FileKind::kText), "text/csv");
  EXPECT_EQ(MimeTypeOf(FileKind::kXls), "application/vnd.ms-excel");
}

TEST(SniffKind, SaysThatTheFileCannotBeRead) {
  EXPECT_TRUE(absl::IsUnavailable(SniffKind(-1).status()));
  int pipes[2];
  ASSERT_EQ(pipe(pipes), 0);
  EXPECT_TRUE(absl::IsUnavailable(SniffKind(pipes[0]).status()));
  close(pipes[0]);
  close(pipes[1]);
}

}  // namespace
}  // namespace satudata::tables
