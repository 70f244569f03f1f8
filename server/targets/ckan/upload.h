// File: upload.h
//
// A content file on its way as multipart/form-data, read from the disk while it is sent. What is sent is what
// was verified or nothing: the hash is taken of the very bytes that leave, and if it is not the one that was
// pinned, the request ends before its last byte.
#ifndef SERVER_TARGETS_CKAN_UPLOAD_H_
#define SERVER_TARGETS_CKAN_UPLOAD_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/catalog/content_source.h"
#include "server/http/http_client.h"
#include "server/targets/ckan/codec.h"

namespace satudata::targets::ckan {

using FormFields = std::vector<std::pair<std::string, std::string>>;

// kContentChanged unless `file` is the `content` that was pinned; reads all of it. Fails as ReadAt.
absl::Status VerifyContent(const catalog::ContentFile& file, const Content& content);

// The request's content type for a boundary.
std::string MultipartType(absl::string_view boundary);

// The fields, then the file as `upload`. Opens it now; fails as ContentSource, and with kContentChanged for
// another size.
absl::StatusOr<std::unique_ptr<http::BodySource>> OpenUpload(catalog::ContentSource& source,
                                                             const Content& content, const FormFields& fields,
                                                             absl::string_view boundary);

// What an upload carries, for people: the fields, and instead of the bytes what they are.
std::string DescribeUpload(const Content& content, const FormFields& fields);

}  // namespace satudata::targets::ckan

#endif  // SERVER_TARGETS_CKAN_UPLOAD_H_
