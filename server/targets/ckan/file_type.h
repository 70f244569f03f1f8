// File: file_type.h
//
// What a content file is by its bytes: names lie about that.
#ifndef SERVER_TARGETS_CKAN_FILE_TYPE_H_
#define SERVER_TARGETS_CKAN_FILE_TYPE_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/catalog/content_source.h"

namespace satudata::targets::ckan {

// As the usual ending of such files' names: pdf, doc, docx, xls, xlsx, ppt, pptx, ods, odt, zip, png, jpg,
// gif, rtf, html, xml, json, and csv for any other text. Empty for what is none of them. Reads a few
// kilobytes.
absl::StatusOr<std::string> FileType(const catalog::ContentFile& file);

}  // namespace satudata::targets::ckan

#endif  // SERVER_TARGETS_CKAN_FILE_TYPE_H_
