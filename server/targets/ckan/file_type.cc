#include "server/targets/ckan/file_type.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace satudata::targets::ckan {
namespace {

using catalog::ContentFile;

constexpr size_t kHead = 4096;
// The end of a zip archive's directory, with the longest comment there can be behind it.
constexpr int64_t kZipTail = 22 + 65'535;
constexpr size_t kMostOfADirectory = 256 << 10;
constexpr size_t kMostOfAnOleDirectory = 2048;

struct Magic {
  absl::string_view bytes;
  absl::string_view type;
};
constexpr Magic kMagics[] = {
    {"%PDF-", "pdf"},  {"\x89PNG\r\n\x1a\n", "png"}, {"\xFF\xD8\xFF", "jpg"}, {"GIF8", "gif"},
    {"{\\rtf", "rtf"}, {"\xD0\xCF\x11\xE0", "ole"},  {"PK\x03\x04", "zip"}};

absl::StatusOr<std::string> ReadAt(const ContentFile& file, int64_t offset, size_t size) {
  std::string bytes(size, '\0');
  const absl::StatusOr<size_t> count = file.ReadAt(offset, bytes.data(), size);
  if (!count.ok()) return count.status();
  bytes.resize(*count);
  return bytes;
}

uint32_t Number(absl::string_view bytes, size_t at, size_t width) {
  uint32_t number = 0;
  for (size_t i = width; i > 0; --i) {
    const size_t place = at + i - 1;
    number = number << 8 | (place < bytes.size() ? static_cast<unsigned char>(bytes[place]) : 0U);
  }
  return number;
}

std::string Utf16(absl::string_view text) {
  std::string wide;
  for (const char c : text) wide.append({c, '\0'});
  return wide;
}

// Word, Excel and PowerPoint of old share a container; its directory names the streams within.
absl::StatusOr<std::string> OleType(const ContentFile& file, absl::string_view head) {
  const uint32_t shift = std::min(Number(head, 30, 2), 20U);
  const int64_t offset = (int64_t{Number(head, 48, 4)} + 1) << shift;
  const absl::StatusOr<std::string> directory = ReadAt(file, offset, kMostOfAnOleDirectory);
  if (!directory.ok()) return directory.status();
  for (const auto& [stream, type] : {std::pair("WordDocument", "doc"), std::pair("Workbook", "xls"),
                                     std::pair("Book", "xls"), std::pair("PowerPoint", "ppt")}) {
    if (absl::StrContains(*directory, Utf16(stream))) return type;
  }
  return "";
}

absl::string_view TypeOfEntry(absl::string_view name) {
  if (name == "word/document.xml") return "docx";
  if (absl::StartsWith(name, "xl/workbook")) return "xlsx";
  if (name == "ppt/presentation.xml") return "pptx";
  return "";
}

// OpenDocument keeps its type in the first entry, which is stored as it is.
absl::string_view TypeOfMimetype(absl::string_view head) {
  if (absl::StrContains(head, "application/vnd.oasis.opendocument.spreadsheet")) return "ods";
  if (absl::StrContains(head, "application/vnd.oasis.opendocument.text")) return "odt";
  return "zip";
}

// The names in a zip archive's directory decide; its parts may hold documents of their own.
absl::StatusOr<std::string> ZipType(const ContentFile& file, absl::string_view head) {
  const int64_t tail_start = std::max<int64_t>(0, file.size_bytes() - kZipTail);
  const auto tail = ReadAt(file, tail_start, static_cast<size_t>(file.size_bytes() - tail_start));
  if (!tail.ok()) return tail.status();
  const size_t end = tail->rfind("PK\x05\x06");
  if (end == std::string::npos) return std::string(TypeOfMimetype(head));
  const size_t size = std::min<size_t>(Number(*tail, end + 12, 4), kMostOfADirectory);
  const auto directory = ReadAt(file, Number(*tail, end + 16, 4), size);
  if (!directory.ok()) return directory.status();
  absl::string_view rest = *directory;
  while (absl::StartsWith(rest, "PK\x01\x02") && rest.size() >= 46) {
    const size_t name_size = Number(rest, 28, 2);
    const absl::string_view type = TypeOfEntry(rest.substr(46, name_size));
    if (!type.empty()) return std::string(type);
    rest.remove_prefix(std::min(rest.size(), 46 + name_size + Number(rest, 30, 2) + Number(rest, 32, 2)));
  }
  return std::string(TypeOfMimetype(head));
}

std::string TextType(absl::string_view head) {
  if (absl::StartsWith(head, "\xFF\xFE") || absl::StartsWith(head, "\xFE\xFF")) return "csv";
  if (head.empty() || absl::StrContains(head, '\0')) return "";
  absl::ConsumePrefix(&head, "\xEF\xBB\xBF");
  head = absl::StripLeadingAsciiWhitespace(head);
  const std::string start = absl::AsciiStrToLower(head.substr(0, 512));
  if (absl::StartsWith(start, "{") || absl::StartsWith(start, "[")) return "json";
  if (!absl::StartsWith(start, "<")) return "csv";
  return absl::StrContains(start, "<html") || absl::StartsWith(start, "<!doctype html") ? "html" : "xml";
}

}  // namespace

absl::StatusOr<std::string> FileType(const ContentFile& file) {
  const absl::StatusOr<std::string> head = ReadAt(file, 0, kHead);
  if (!head.ok()) return head.status();
  const auto magic = std::find_if(std::begin(kMagics), std::end(kMagics), [&](const Magic& candidate) {
    return absl::StartsWith(*head, candidate.bytes);
  });
  if (magic == std::end(kMagics)) {
    // Its readers take a PDF that begins a little later, too.
    return absl::StrContains(absl::string_view(*head).substr(0, 1024), "%PDF-") ? "pdf" : TextType(*head);
  }
  if (magic->type == "ole") return OleType(file, *head);
  if (magic->type == "zip") return ZipType(file, *head);
  return std::string(magic->type);
}

}  // namespace satudata::targets::ckan
