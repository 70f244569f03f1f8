// File: xml_entry.h
//
// An entry of an archive as XML.
#ifndef SERVER_TABLES_XML_ENTRY_H_
#define SERVER_TABLES_XML_ENTRY_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/tables/xml_parser.h"
#include "server/tables/zip_archive.h"

namespace satudata::tables {

// Not thread-safe. `handler` and the archive must outlive it.
class XmlEntry {
 public:
  static absl::StatusOr<std::unique_ptr<XmlEntry>> Open(ZipArchive& archive, absl::string_view name,
                                                        XmlHandler& handler, const TableLimits& limits);

  // Reads on until the handler pauses (true), or to the end (false).
  absl::StatusOr<bool> Advance();

 private:
  XmlEntry(std::unique_ptr<ZipEntry> entry, absl::string_view name, XmlHandler& handler, size_t max_depth)
      : name_(name), entry_(std::move(entry)), parser_(handler, max_depth) {}
  absl::StatusOr<bool> ParseMore();

  const std::string name_;
  const std::unique_ptr<ZipEntry> entry_;
  XmlParser parser_;
  bool is_paused_ = false;
  bool is_at_end_ = false;
};

// All of an entry at once.
absl::Status ReadXml(ZipArchive& archive, absl::string_view name, XmlHandler& handler,
                     const TableLimits& limits);

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XML_ENTRY_H_
