#include "server/targets/ckan/file_type.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/targets/ckan/memory_content.h"

namespace satudata::targets::ckan {
namespace {

std::string TypeOf(std::string bytes) {
  MemoryContentSource source;
  source.files["f"] = std::move(bytes);
  const auto file = source.Open("f");
  const absl::StatusOr<std::string> type = FileType(**file);
  EXPECT_TRUE(type.ok()) << type.status();
  return type.ok() ? *type : "error";
}

std::string Little(size_t number, size_t width) {
  std::string bytes;
  for (; width > 0; --width, number >>= 8U) bytes += static_cast<char>(number & 0xFFU);
  return bytes;
}

// An archive with entries of these names and nothing in them but `stored` in the first.
std::string Zip(const std::vector<std::string>& names, const std::string& stored = "") {
  std::string files, directory;
  for (const std::string& name : names) {
    absl::StrAppend(&directory, "PK\x01\x02", std::string(24, '\0'), Little(name.size(), 2),
                    std::string(16, '\0'), name);
    absl::StrAppend(&files, "PK\x03\x04", std::string(22, '\0'), Little(name.size(), 2), Little(0, 2), name,
                    files.empty() ? stored : "");
  }
  return absl::StrCat(files, directory, "PK\x05\x06", std::string(8, '\0'), Little(directory.size(), 4),
                      Little(files.size(), 4), Little(0, 2));
}

std::string Ole(absl::string_view stream) {
  std::string bytes = absl::StrCat("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", std::string(22, '\0'), Little(9, 2),
                                   std::string(16, '\0'), Little(1, 4));
  bytes.resize(1024);
  for (const char c : stream) bytes.append({c, '\0'});
  bytes.resize(1536);
  return bytes;
}

TEST(FileTypeTest, GoesByTheFirstBytes) {
  EXPECT_EQ(TypeOf("%PDF-1.7\n"), "pdf");
  EXPECT_EQ(TypeOf("\n\n%PDF-1.4"), "pdf");
  EXPECT_EQ(TypeOf("\x89PNG\r\n\x1a\n...."), "png");
  EXPECT_EQ(TypeOf("\xFF\xD8\xFF\xE0"), "jpg");
  EXPECT_EQ(TypeOf("{\\rtf1"), "rtf");
}

TEST(FileTypeTest, TellsOfficeFilesOfOldApartByTheirStreams) {
  EXPECT_EQ(TypeOf(Ole("WordDocument")), "doc");
  EXPECT_EQ(TypeOf(Ole("Workbook")), "xls");
  EXPECT_EQ(TypeOf(Ole("PowerPoint Document")), "ppt");
  EXPECT_EQ(TypeOf(Ole("")), "");
  EXPECT_EQ(TypeOf(Ole("Workbook").substr(0, 60)), "");
}

TEST(FileTypeTest, TellsArchivesApartByTheirDirectory) {
  EXPECT_EQ(TypeOf(Zip({"[Content_Types].xml", "word/document.xml"})), "docx");
  EXPECT_EQ(TypeOf(Zip({"[Content_Types].xml", "xl/workbook.xml"})), "xlsx");
  EXPECT_EQ(TypeOf(Zip({"ppt/presentation.xml"})), "pptx");
  EXPECT_EQ(TypeOf(Zip({"mimetype"}, "application/vnd.oasis.opendocument.spreadsheet")), "ods");
  EXPECT_EQ(TypeOf(Zip({"data.csv"})), "zip");
  EXPECT_EQ(TypeOf(Zip({"embedded/word/document.xml"}, "word/document.xml")), "zip");
  EXPECT_EQ(TypeOf("PK\x03\x04 cut off"), "zip");
}

TEST(FileTypeTest, TextIsATableUnlessItSaysOtherwise) {
  EXPECT_EQ(TypeOf("a;b\n1;2\n"), "csv");
  EXPECT_EQ(TypeOf("\xEF\xBB\xBF{\"a\": 1}"), "json");
  EXPECT_EQ(TypeOf(" [1]"), "json");
  EXPECT_EQ(TypeOf("<!DOCTYPE html><html>"), "html");
  EXPECT_EQ(TypeOf("<?xml version='1.0'?><a/>"), "xml");
  EXPECT_EQ(TypeOf("\xFF\xFE\x61\x00"), "csv");
}

TEST(FileTypeTest, WhatIsNoneOfThemHasNoType) {
  EXPECT_EQ(TypeOf(""), "");
  EXPECT_EQ(TypeOf(std::string("\x01\x00\x02", 3)), "");
}

}  // namespace
}  // namespace satudata::targets::ckan
