#include "server/web/static_pages.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/hash.h"
#include "server/web/accept_encoding.h"

namespace satudata::web {
namespace {

constexpr char kIndex[] = "/index.html";
constexpr char kTextPlain[] = "text/plain; charset=utf-8";
constexpr char kNotInstalled[] =
    "Halaman web belum dipasang pada server ini; atur WEB_ROOT ke direktori halaman itu.\n"
    "The web page is not installed on this server; set WEB_ROOT to the page's directory.\n";
constexpr char kNotFound[] = "Halaman tidak ditemukan.\nThere is no such page.\n";
// One write; a reader who takes longer for it than the server's write timeout is gone.
constexpr size_t kPieceBytes = 256 << 10;

constexpr std::pair<absl::string_view, absl::string_view> kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".txt", "text/plain; charset=utf-8"},
};

absl::string_view ExtensionOf(absl::string_view path) {
  const absl::string_view name = path.substr(path.rfind('/') + 1);
  const size_t dot = name.rfind('.');
  return dot == absl::string_view::npos ? "" : name.substr(dot);
}

std::string TypeOf(absl::string_view path) {
  const absl::string_view extension = ExtensionOf(path);
  for (const auto& [known, type] : kTypes) {
    if (absl::EqualsIgnoreCase(extension, known)) return std::string(type);
  }
  return "application/octet-stream";
}

// One byte of a path: itself, or a %XX. nullopt for half an escape and for what a path of ours never has.
std::optional<char> TakeByte(absl::string_view* text) {
  char byte = text->front();
  if (byte == '%') {
    if (text->size() < 3 || !absl::ascii_isxdigit((*text)[1]) || !absl::ascii_isxdigit((*text)[2])) {
      return std::nullopt;
    }
    byte = absl::HexStringToBytes(text->substr(1, 2))[0];
    if (byte == '/') return std::nullopt;
    text->remove_prefix(2);
  }
  text->remove_prefix(1);
  return byte == '\\' || absl::ascii_iscntrl(byte) ? std::nullopt : std::optional<char>(byte);
}

// The decoded path of a request's target, without its query. nullopt for what could mean another file
// elsewhere.
std::optional<std::string> PathOf(absl::string_view target) {
  absl::string_view rest = target.substr(0, target.find('?'));
  std::string path;
  while (!rest.empty()) {
    const std::optional<char> byte = TakeByte(&rest);
    if (!byte) return std::nullopt;
    path.push_back(*byte);
  }
  const std::vector<absl::string_view> segments = absl::StrSplit(path, '/');
  const bool climbs = std::any_of(segments.begin(), segments.end(), [](absl::string_view segment) {
    return segment == "." || segment == "..";
  });
  if (!absl::StartsWith(path, "/") || climbs) return std::nullopt;
  return path;
}

// Whether an If-None-Match value names `etag`, weakly or not.
bool Names(absl::string_view if_none_match, absl::string_view etag) {
  for (absl::string_view item : absl::StrSplit(if_none_match, ',')) {
    item = absl::StripAsciiWhitespace(item);
    absl::ConsumePrefix(&item, "W/");
    if (item == "*" || item == etag) return true;
  }
  return false;
}

void Send(const std::string& bytes, const std::string& type, httplib::Response& response) {
  if (bytes.empty()) return response.set_content("", type);
  // Not as a body, which httplib would compress anew for each request.
  response.set_content_provider(bytes.size(), type,
                                [&bytes](size_t offset, size_t length, httplib::DataSink& sink) {
                                  return sink.write(bytes.data() + offset, std::min(length, kPieceBytes));
                                });
}

}  // namespace

StaticPages::StaticPages(PageFiles files) {
  const auto take = [&files](const std::string& name) {
    const auto found = files.find(name);
    return found == files.end() ? std::string() : std::move(found->second);
  };
  for (const auto& [name, bytes] : files) {
    absl::string_view original = name;
    const bool is_form = absl::ConsumeSuffix(&original, ".br") || absl::ConsumeSuffix(&original, ".gz");
    if (is_form && files.contains(std::string(original))) continue;
    pages_[name] = {.type = TypeOf(name), .hash = base::Sha256Hex(bytes).substr(0, 32)};
  }
  for (auto& [name, page] : pages_) {
    page.plain = take(name);
    page.gzip = take(name + ".gz");
    page.brotli = take(name + ".br");
  }
}

void StaticPages::Answer(const httplib::Request& request, httplib::Response& response) const {
  const Page* page = Find(request.target);
  if (page == nullptr) {
    response.status = 404;
    return response.set_content(pages_.empty() ? kNotInstalled : kNotFound, kTextPlain);
  }
  const std::string accepted = request.get_header_value("Accept-Encoding");
  const bool brotli = !page->brotli.empty() && Accepts(accepted, "br");
  const bool gzip = !brotli && !page->gzip.empty() && Accepts(accepted, "gzip");
  const std::string etag = absl::StrCat("\"", page->hash, brotli ? "-br" : gzip ? "-gz" : "", "\"");
  const bool immutable = absl::StartsWith(request.target, "/assets/") && page != Find("/");
  response.set_header("ETag", etag);
  response.set_header("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (!page->brotli.empty() || !page->gzip.empty()) response.set_header("Vary", "Accept-Encoding");
  if (Names(request.get_header_value("If-None-Match"), etag)) {
    response.status = 304;
    return;
  }
  if (brotli || gzip) response.set_header("Content-Encoding", brotli ? "br" : "gzip");
  Send(brotli ? page->brotli : gzip ? page->gzip : page->plain, page->type, response);
}

const StaticPages::Page* StaticPages::Find(absl::string_view target) const {
  const std::optional<std::string> path = PathOf(target);
  if (!path) return nullptr;
  auto found = pages_.find(*path);
  if (found == pages_.end() && ExtensionOf(*path).empty()) found = pages_.find(kIndex);
  return found == pages_.end() ? nullptr : &found->second;
}

}  // namespace satudata::web
