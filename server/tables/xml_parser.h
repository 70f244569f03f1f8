// File: xml_parser.h
//
// XML of unknown origin, piece by piece: expat under limits. Names come without their prefix: what an element
// is, is told by where it stands, and programs choose prefixes and namespaces (transitional, strict) freely.
#ifndef SERVER_TABLES_XML_PARSER_H_
#define SERVER_TABLES_XML_PARSER_H_

#include <expat.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace satudata::tables {

// Of one element. Valid during the call that brings it.
class XmlAttributes {
 public:
  explicit XmlAttributes(const XML_Char** pairs) : pairs_(pairs) {}
  // By its name without a prefix; empty without one. `r:id` is asked for with GetPrefixed.
  absl::string_view Get(absl::string_view name) const;
  absl::string_view GetPrefixed(absl::string_view local_name) const;
  // As XML Schema writes them: `1` or `true`.
  bool IsTrue(absl::string_view name) const;

 private:
  const XML_Char** const pairs_;
};

class XmlParser;

// Follows one document.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void OnStart(absl::string_view name, const XmlAttributes& attributes) = 0;
  virtual void OnEnd() = 0;
  // A text comes in pieces.
  virtual void OnText(absl::string_view) {}

 protected:
  // Parsing stops here, to be resumed; to be called at the end of an element.
  void Pause();
  // Parsing ends with this.
  void Fail(absl::Status status);

 private:
  friend class XmlParser;
  XmlParser* parser_ = nullptr;
};

// Entities are never expanded: a DOCTYPE is refused, which is where they would be declared. What expat keeps
// (the names that it meets, its buffers) is bounded as well. Not thread-safe.
class XmlParser {
 public:
  // `handler` must outlive the parser.
  XmlParser(XmlHandler& handler, size_t max_depth);
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  // Where to put up to `length` bytes for Parse; null when there is no memory left for it.
  char* Buffer(size_t length);
  // Calls the handler for what is in the buffer's first `length` bytes. False when it was paused: then Resume
  // goes on. DATA_LOSS for what is not well-formed, RESOURCE_EXHAUSTED, or what Fail was told.
  absl::StatusOr<bool> Parse(size_t length, bool is_last);
  absl::StatusOr<bool> Resume();

 private:
  friend class XmlHandler;
  struct Memory;
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };

  static void OnStart(void* self, const XML_Char* name, const XML_Char** attributes);
  static void OnEnd(void* self, const XML_Char* name);
  static void OnText(void* self, const XML_Char* text, int length);
  static void OnDoctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int);
  absl::StatusOr<bool> Outcome(XML_Status status);
  void Fail(absl::Status status);

  XmlHandler& handler_;
  const size_t max_depth_;
  const std::unique_ptr<Memory> memory_;
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser_;
  size_t depth_ = 0;
  absl::Status failure_;
};

// Where in a document a handler is: follows `steps`, the first of which that fits counts, and is nowhere
// (Place()) below an element that none of them names.
template <typename Place>
class XmlPath {
 public:
  struct Step {
    Place from;
    absl::string_view name;  // Empty: any.
    Place to;
  };

  XmlPath(absl::Span<const Step> steps, Place outside) : steps_(steps), places_{outside} {}

  // The place that this element is.
  Place Enter(absl::string_view name) {
    Place to = Place();
    for (const Step& step : steps_) {
      if (step.from != places_.back() || (!step.name.empty() && step.name != name)) continue;
      to = step.to;
      break;
    }
    places_.push_back(to);
    return to;
  }
  // The place that was left.
  Place Leave() {
    const Place left = places_.back();
    places_.pop_back();
    return left;
  }
  Place here() const { return places_.back(); }

 private:
  const absl::Span<const Step> steps_;
  std::vector<Place> places_;
};

}  // namespace satudata::tables

#endif  // SERVER_TABLES_XML_PARSER_H_
