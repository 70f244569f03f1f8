#include "tests/unit/server/tables/package.h"

#include <zip.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace satudata::tables {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

std::string Document(absl::string_view name, absl::string_view content) {
  return absl::StrCat("<?xml version=\"1.0\"?><", name,
                      " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
                      " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">",
                      content, "</", name, ">");
}

std::string Relation(int id, absl::string_view kind, absl::string_view target) {
  return absl::StrCat("<Relationship Id=\"rId", id,
                      "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/", kind,
                      "\" Target=\"", target, "\"/>");
}

void Pack(zip_t* zip, const Parts& parts, Packing packing) {
  for (const auto& [name, content] : parts) {
    zip_source_t* source = zip_source_buffer(zip, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(zip, name.c_str(), source, 0);
    Check(index >= 0);
    const auto at = static_cast<zip_uint64_t>(index);
    Check(zip_set_file_compression(zip, at, packing == Packing::kDeflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE,
                                   9) == 0);
    if (packing == Packing::kEncrypted) {
      Check(zip_file_set_encryption(zip, at, ZIP_EM_AES_128, "secret") == 0);
    }
  }
}

}  // namespace

std::string MakeZip(const Parts& parts, Packing packing) {
  zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(buffer);
  zip_t* zip = zip_open_from_source(buffer, ZIP_TRUNCATE, nullptr);
  Check(zip != nullptr);
  Pack(zip, parts, packing);
  Check(zip_close(zip) == 0);
  Check(zip_source_open(buffer) == 0);
  zip_source_seek(buffer, 0, SEEK_END);
  std::string bytes(static_cast<size_t>(zip_source_tell(buffer)), '\0');
  zip_source_seek(buffer, 0, SEEK_SET);
  Check(zip_source_read(buffer, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(buffer);
  zip_source_free(buffer);
  return bytes;
}

std::string MakeXlsx(absl::string_view sheet, const Parts& more) {
  Parts parts = {
      {"_rels/.rels", Document("Relationships", Relation(1, "officeDocument", "/xl/workbook.xml"))},
      {"xl/workbook.xml",
       Document("workbook", "<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets>")},
      {"xl/_rels/workbook.xml.rels",
       Document("Relationships", Relation(1, "worksheet", "worksheets/sheet1.xml") +
                                     Relation(2, "sharedStrings", "sharedStrings.xml") +
                                     Relation(3, "styles", "styles.xml"))},
      {"xl/worksheets/sheet1.xml", Document("worksheet", sheet)},
      SharedTexts(""),
      Styles({}),
  };
  for (const auto& part : more) {
    const auto same =
        std::find_if(parts.begin(), parts.end(), [&](const auto& p) { return p.first == part.first; });
    if (same == parts.end()) {
      parts.push_back(part);
    } else {
      same->second = part.second;
    }
  }
  return MakeZip(parts, Packing::kDeflated);
}

std::pair<std::string, std::string> SharedTexts(absl::string_view items) {
  return {"xl/sharedStrings.xml", Document("sst", items)};
}

std::pair<std::string, std::string> Styles(const std::vector<std::string>& codes) {
  std::string formats;
  std::string cells = "<xf numFmtId=\"0\"/>";
  for (size_t i = 0; i < codes.size(); ++i) {
    absl::StrAppend(&formats, "<numFmt numFmtId=\"", 200 + i, "\" formatCode=\"", codes[i], "\"/>");
    absl::StrAppend(&cells, "<xf numFmtId=\"", 200 + i, "\"/>");
  }
  return {"xl/styles.xml", Document("styleSheet", absl::StrCat("<numFmts>", formats, "</numFmts><cellXfs>",
                                                               cells, "</cellXfs>"))};
}

std::string U16(uint32_t number) {
  return {static_cast<char>(number & 0xFFU), static_cast<char>((number >> 8U) & 0xFFU)};
}

std::string U32(uint32_t number) { return U16(number & 0xFFFFU) + U16(number >> 16U); }

std::string Biff(int type, absl::string_view bytes) {
  return absl::StrCat(U16(static_cast<uint32_t>(type)), U16(static_cast<uint32_t>(bytes.size())), bytes);
}

namespace {

constexpr size_t kSector = 512;
constexpr uint32_t kEndOfChain = 0xFFFFFFFEU;

std::string DirectoryEntry(absl::string_view name, char type, uint32_t first, size_t size) {
  std::string entry;
  for (const char c : name) entry += {c, '\0'};
  entry.resize(64);
  entry += U16(static_cast<uint32_t>(name.size() * 2 + 2)) + type + '\1';
  entry.resize(116);
  return entry + U32(first) + U32(static_cast<uint32_t>(size)) + U32(0);
}

}  // namespace

// Sector 0 is the allocation table, then the directory, then the streams, none of which is small.
std::string MakeCompound(const Parts& streams) {
  std::string table = U32(0xFFFFFFFDU);
  std::string directory = DirectoryEntry("Root Entry", 5, kEndOfChain, 0);
  std::string content;
  const size_t directory_sectors = (streams.size() + 1 + 3) / 4;
  uint32_t sector = 1;
  const auto chain = [&](size_t sectors) {
    for (size_t i = 1; i < sectors; ++i) table += U32(++sector);
    table += U32(kEndOfChain);
    ++sector;
  };
  chain(directory_sectors);
  for (const auto& [name, bytes] : streams) {
    std::string padded = bytes;
    padded.resize(std::max<size_t>(1, (bytes.size() + kSector - 1) / kSector) * kSector);
    directory += DirectoryEntry(name, 2, sector, bytes.size());
    chain(padded.size() / kSector);
    content += padded;
  }
  Check(table.size() <= kSector);
  while (table.size() < kSector) table += U32(0xFFFFFFFFU);
  directory.resize(directory_sectors * kSector);
  std::string header = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
  header.resize(24);
  header += U16(0x3E) + U16(3) + U16(0xFFFE) + U16(9) + U16(6);
  header.resize(44);
  // No stream is below the size of small ones.
  header +=
      U32(1) + U32(1) + U32(0) + U32(0) + U32(kEndOfChain) + U32(0) + U32(kEndOfChain) + U32(0) + U32(0);
  while (header.size() < kSector) header += U32(0xFFFFFFFFU);
  return header + table + directory + content;
}

}  // namespace satudata::tables
