#include "server/targets/ckan/upload.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "nlohmann/json.hpp"
#include "server/base/hash.h"
#include "server/catalog/failure.h"

namespace satudata::targets::ckan {
namespace {

constexpr size_t kPiece = 64 << 10;

absl::Status Changed(const Content& content) {
  return catalog::FailureStatus(
      absl::StatusCode::kFailedPrecondition,
      {.reason = catalog::Reason::kContentChanged, .args = {{"file_name", content.file_name}}});
}

// In a quoted parameter, as browsers write it.
std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "%22"}, {"\r", "%0D"}, {"\n", "%0A"}}), "\"");
}

std::string FormOf(const Content& content, const FormFields& fields, absl::string_view boundary) {
  std::string form;
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&form, "--", boundary, "\r\nContent-Disposition: form-data; name=", Quoted(name),
                    "\r\n\r\n", value, "\r\n");
  }
  const std::string name = content.file_name.substr(content.file_name.rfind('/') + 1);
  absl::StrAppend(&form, "--", boundary,
                  "\r\nContent-Disposition: form-data; name=\"upload\"; filename=", Quoted(name),
                  "\r\nContent-Type: application/octet-stream\r\n\r\n");
  return form;
}

// A form, a file and the form's end.
class UploadBody final : public http::BodySource {
 public:
  UploadBody(std::unique_ptr<catalog::ContentFile> file, Content content, std::string form, std::string end)
      : file_(std::move(file)), content_(std::move(content)), form_(std::move(form)), end_(std::move(end)) {}

  int64_t size_bytes() const override {
    return static_cast<int64_t>(form_.size()) + content_.size_bytes + static_cast<int64_t>(end_.size());
  }

  absl::StatusOr<absl::string_view> Next(size_t limit) override {
    if (form_sent_ < form_.size()) return Take(form_, form_sent_, limit);
    if (file_sent_ < content_.size_bytes) return NextOfFile(limit);
    if (content_.size_bytes == 0 && end_sent_ == 0 && !IsPinned()) return Changed(content_);
    return Take(end_, end_sent_, limit);
  }

 private:
  static absl::string_view Take(const std::string& text, size_t& sent, size_t limit) {
    const absl::string_view piece = absl::string_view(text).substr(sent, limit);
    sent += piece.size();
    return piece;
  }

  // The last piece is handed on only if all of them together are what was pinned.
  absl::StatusOr<absl::string_view> NextOfFile(size_t limit) {
    const int64_t left = content_.size_bytes - file_sent_;
    piece_.resize(
        static_cast<size_t>(std::min<int64_t>(left, static_cast<int64_t>(std::min(limit, kPiece)))));
    const absl::StatusOr<size_t> count = file_->ReadAt(file_sent_, piece_.data(), piece_.size());
    if (!count.ok()) return count.status();
    if (*count != piece_.size()) return Changed(content_);
    hasher_.Update(piece_);
    file_sent_ += static_cast<int64_t>(*count);
    if (file_sent_ == content_.size_bytes && !IsPinned()) return Changed(content_);
    return piece_;
  }

  bool IsPinned() { return hasher_.FinishHex() == content_.sha256; }

  const std::unique_ptr<catalog::ContentFile> file_;
  const Content content_;
  const std::string form_;
  const std::string end_;
  size_t form_sent_ = 0;
  int64_t file_sent_ = 0;
  size_t end_sent_ = 0;
  base::Sha256 hasher_;
  std::string piece_;
};

}  // namespace

absl::Status VerifyContent(const catalog::ContentFile& file, const Content& content) {
  if (file.size_bytes() != content.size_bytes) return Changed(content);
  base::Sha256 hasher;
  std::string piece(kPiece, '\0');
  for (int64_t offset = 0; offset < content.size_bytes;) {
    const absl::StatusOr<size_t> count = file.ReadAt(offset, piece.data(), piece.size());
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    hasher.Update(absl::string_view(piece).substr(0, *count));
    offset += static_cast<int64_t>(*count);
  }
  return hasher.FinishHex() == content.sha256 ? absl::OkStatus() : Changed(content);
}

std::string MultipartType(absl::string_view boundary) {
  return absl::StrCat("multipart/form-data; boundary=", boundary);
}

absl::StatusOr<std::unique_ptr<http::BodySource>> OpenUpload(catalog::ContentSource& source,
                                                             const Content& content, const FormFields& fields,
                                                             absl::string_view boundary) {
  absl::StatusOr<std::unique_ptr<catalog::ContentFile>> file = source.Open(content.path);
  if (!file.ok()) return file.status();
  if ((*file)->size_bytes() != content.size_bytes) return Changed(content);
  return std::make_unique<UploadBody>(*std::move(file), content, FormOf(content, fields, boundary),
                                      absl::StrCat("\r\n--", boundary, "--\r\n"));
}

std::string DescribeUpload(const Content& content, const FormFields& fields) {
  nlohmann::json json;
  for (const auto& [name, value] : fields) json[name] = value;
  json["upload"] = absl::StrCat(content.size_bytes, " bytes of ", content.file_name);
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace satudata::targets::ckan
