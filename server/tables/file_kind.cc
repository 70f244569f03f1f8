#include "server/tables/file_kind.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/tables/compound_file.h"
#include "server/tables/limits.h"
#include "server/tables/zip_archive.h"

namespace satudata::tables {
namespace {

constexpr size_t kHeadBytes = 8 << 10;

struct KindText {
  FileKind kind;
  absl::string_view extension;
  absl::string_view mime_type;
};
constexpr KindText kKindTexts[] = {
    {FileKind::kEmpty, ".bin", "application/octet-stream"},
    {FileKind::kText, ".csv", "text/csv"},
    {FileKind::kXlsx, ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {FileKind::kXlsm, ".xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12"},
    {FileKind::kXls, ".xls", "application/vnd.ms-excel"},
    {FileKind::kEncryptedOoxml, ".bin", "application/x-ole-storage"},
    {FileKind::kXlsb, ".xlsb", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"},
    {FileKind::kOds, ".ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {FileKind::kOdt, ".odt", "application/vnd.oasis.opendocument.text"},
    {FileKind::kHtml, ".html", "text/html"},
    {FileKind::kXml, ".xml", "application/xml"},
    {FileKind::kJson, ".json", "application/json"},
    {FileKind::kDocx, ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {FileKind::kDoc, ".doc", "application/msword"},
    {FileKind::kPptx, ".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {FileKind::kPpt, ".ppt", "application/vnd.ms-powerpoint"},
    {FileKind::kPdf, ".pdf", "application/pdf"},
    {FileKind::kRtf, ".rtf", "application/rtf"},
    {FileKind::kPng, ".png", "image/png"},
    {FileKind::kJpeg, ".jpg", "image/jpeg"},
    {FileKind::kGif, ".gif", "image/gif"},
    {FileKind::kZip, ".zip", "application/zip"},
    {FileKind::kGzip, ".gz", "application/gzip"},
    {FileKind::kOther, ".bin", "application/octet-stream"},
};

const KindText& TextOf(FileKind kind) {
  return *std::find_if(std::begin(kKindTexts), std::end(kKindTexts) - 1,
                       [kind](const KindText& text) { return text.kind == kind; });
}

struct Signature {
  absl::string_view bytes;
  FileKind kind;
};
constexpr Signature kSignatures[] = {
    {"\x89PNG\r\n\x1A\n", FileKind::kPng},
    {"\xFF\xD8\xFF", FileKind::kJpeg},
    {"GIF87a", FileKind::kGif},
    {"GIF89a", FileKind::kGif},
    {"\x1F\x8B", FileKind::kGzip},
    {"PK\x03\x04", FileKind::kZip},
    {"PK\x05\x06", FileKind::kZip},  // Without entries.
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::kXls},
    {"{\\rtf", FileKind::kRtf},
    // Excel 2 to 4 wrote their records without a container.
    {absl::string_view("\x09\x00\x04\x00", 4), FileKind::kXls},
    {absl::string_view("\x09\x02\x06\x00", 4), FileKind::kXls},
    {absl::string_view("\x09\x04\x06\x00", 4), FileKind::kXls},
};

// What an archive or a compound file holds says what it is.
struct Member {
  absl::string_view name;
  FileKind kind;
};
constexpr Member kZipMembers[] = {
    {"xl/vbaproject.bin", FileKind::kXlsm},    {"xl/workbook.xml", FileKind::kXlsx},
    {"xl/workbook.bin", FileKind::kXlsb},      {"word/document.xml", FileKind::kDocx},
    {"ppt/presentation.xml", FileKind::kPptx},
};
constexpr Member kStreams[] = {
    {"EncryptedPackage", FileKind::kEncryptedOoxml},
    {"Workbook", FileKind::kXls},
    {"Book", FileKind::kXls},
    {"WordDocument", FileKind::kDoc},
    {"PowerPoint Document", FileKind::kPpt},
};

template <typename Container, size_t n>
FileKind KindByMembers(const Container& container, const Member (&members)[n], FileKind otherwise) {
  for (const Member& member : members) {
    if (container.Has(member.name)) return member.kind;
  }
  return otherwise;
}

// OpenDocument keeps its type in an entry of its own.
FileKind KindByMimeType(ZipArchive& archive) {
  if (!archive.Has("mimetype")) return FileKind::kZip;
  const absl::StatusOr<std::unique_ptr<ZipEntry>> entry = archive.OpenEntry("mimetype");
  if (!entry.ok()) return FileKind::kZip;
  std::array<char, 100> bytes = {};
  const absl::StatusOr<size_t> got = (*entry)->Read(bytes.data(), bytes.size());
  const absl::string_view text(bytes.data(), got.value_or(0));
  for (const FileKind kind : {FileKind::kOds, FileKind::kOdt}) {
    if (absl::StartsWith(text, MimeTypeOf(kind))) return kind;
  }
  return FileKind::kZip;
}

// Truncated, mostly. The names of its entries also stand before their bytes.
FileKind KindOfBrokenZip(absl::string_view head) {
  if (absl::StrContains(head, "xl/")) return FileKind::kXlsx;
  return absl::StrContains(head, "word/") ? FileKind::kDocx : FileKind::kZip;
}

absl::StatusOr<FileKind> KindOfZip(const std::shared_ptr<const InputFile>& file, absl::string_view head) {
  const auto archive = ZipArchive::Open(file, TableLimits());
  if (absl::IsUnavailable(archive.status())) return archive.status();
  if (!archive.ok()) return KindOfBrokenZip(head);
  const FileKind kind = KindByMembers(**archive, kZipMembers, FileKind::kZip);
  return kind == FileKind::kZip ? KindByMimeType(**archive) : kind;
}

absl::StatusOr<FileKind> KindOfCompoundFile(const std::shared_ptr<const InputFile>& file) {
  const auto compound = CompoundFile::Open(file);
  if (absl::IsUnavailable(compound.status())) return compound.status();
  if (!compound.ok()) return FileKind::kXls;
  return KindByMembers(**compound, kStreams, FileKind::kOther);
}

bool IsMarkup(absl::string_view text) {
  return absl::ConsumePrefix(&text, "<") && !text.empty() &&
         (absl::ascii_isalpha(text[0]) || text[0] == '!' || text[0] == '?');
}

// XML says so at once, or in its root that it has a namespace; the rest is meant for browsers.
bool IsXml(absl::string_view text) {
  const std::string start = absl::AsciiStrToLower(text.substr(0, 1024));
  if (absl::StrContains(start, "<html") || absl::StrContains(start, "<!doctype html")) return false;
  return absl::StartsWith(start, "<?xml") || absl::StrContains(start.substr(0, start.find('>')), " xmlns");
}

// A table may begin with a bracket, too, but hardly like this.
bool IsJson(absl::string_view text) {
  const bool is_object = absl::ConsumePrefix(&text, "{");
  if (!is_object && !absl::ConsumePrefix(&text, "[")) return false;
  text = absl::StripLeadingAsciiWhitespace(text);
  return !text.empty() && absl::StrContains(is_object ? "\"}" : "\"{[]", text[0]);
}

FileKind KindOfText(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  text = absl::StripLeadingAsciiWhitespace(text);
  if (absl::StartsWithIgnoreCase(text, "MIME-Version:")) return FileKind::kHtml;
  if (IsMarkup(text)) return IsXml(text) ? FileKind::kXml : FileKind::kHtml;
  return IsJson(text) ? FileKind::kJson : FileKind::kText;
}

// Text has line ends and tabs, and of other control characters at most a few strays.
bool IsText(absl::string_view head) {
  const auto is_odd = [](char c) {
    return (static_cast<uint8_t>(c) < 0x20 && !absl::ascii_isspace(c)) || c == 0x7F;
  };
  if (absl::StrContains(head, '\0')) return false;
  const auto odd = std::count_if(head.begin(), head.end(), is_odd);
  return static_cast<size_t>(odd) * 50 <= head.size();
}

FileKind KindOfHead(absl::string_view head) {
  if (head.empty()) return FileKind::kEmpty;
  for (const Signature& signature : kSignatures) {
    if (absl::StartsWith(head, signature.bytes)) return signature.kind;
  }
  // Its mark may stand behind other bytes.
  if (absl::StrContains(head.substr(0, 1024), "%PDF-")) return FileKind::kPdf;
  if (IsUtf16(head)) return FileKind::kText;
  return IsText(head) ? KindOfText(head) : FileKind::kOther;
}

}  // namespace

bool IsUtf16(absl::string_view head) {
  if (absl::StartsWith(head, "\xFF\xFE") || absl::StartsWith(head, "\xFE\xFF")) return true;
  // Latin text has a zero in every second byte.
  size_t zeros[2] = {0, 0};
  head = head.substr(0, 1024);
  for (size_t i = 0; i < head.size(); ++i) zeros[i % 2] += head[i] == '\0' ? 1 : 0;
  const size_t most = std::max(zeros[0], zeros[1]);
  return std::min(zeros[0], zeros[1]) == 0 && most > 0 && most * 3 >= head.size();
}

absl::StatusOr<FileKind> SniffKind(const std::shared_ptr<const InputFile>& file) {
  const absl::StatusOr<std::string> head = file->ReadAt(0, kHeadBytes);
  if (!head.ok()) return head.status();
  const FileKind kind = KindOfHead(*head);
  if (kind == FileKind::kZip) return KindOfZip(file, *head);
  if (kind == FileKind::kXls && absl::StartsWith(*head, "\xD0\xCF")) return KindOfCompoundFile(file);
  return kind;
}

absl::StatusOr<FileKind> SniffKind(int fd) {
  const absl::StatusOr<std::shared_ptr<const InputFile>> file = InputFile::Create(fd);
  if (!file.ok()) return file.status();
  return SniffKind(*file);
}

bool IsTable(FileKind kind) {
  return kind == FileKind::kText || kind == FileKind::kXlsx || kind == FileKind::kXlsm ||
         kind == FileKind::kXls;
}

absl::string_view ExtensionOf(FileKind kind) { return TextOf(kind).extension; }

absl::string_view MimeTypeOf(FileKind kind) { return TextOf(kind).mime_type; }

}  // namespace satudata::tables
