// File: static_pages.h
//
// The files of the web page, held in memory. What is not a file of it and has no extension is one of the
// page's own addresses, and answered with the page.
#ifndef SERVER_WEB_STATIC_PAGES_H_
#define SERVER_WEB_STATIC_PAGES_H_

#include <httplib.h>

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "server/web/page_files.h"

namespace satudata::web {

// Immutable, hence thread-safe. Must outlive the answers that it gave.
class StaticPages {
 public:
  // `x.br` and `x.gz` beside `x` are its compressed forms. No files: there is no page.
  explicit StaticPages(PageFiles files);

  // For GET and HEAD. 404 for what is not there.
  void Answer(const httplib::Request& request, httplib::Response& response) const;

 private:
  struct Page {
    std::string type;
    std::string hash;
    std::string plain;
    std::string gzip;    // Empty: there is none.
    std::string brotli;  // Likewise.
  };

  // nullptr: not found.
  const Page* Find(absl::string_view target) const;

  std::map<std::string, Page> pages_;  // By path.
};

}  // namespace satudata::web

#endif  // SERVER_WEB_STATIC_PAGES_H_
