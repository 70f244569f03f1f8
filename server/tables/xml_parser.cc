#include "server/tables/xml_parser.h"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace satudata::tables {
namespace {

// Many times what documents need. One element with its attributes must fit: it is kept until it is whole.
constexpr size_t kMaxMemory = 4 << 20;

absl::string_view LocalName(absl::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

// What expat allocates, counted. Its hooks have no context of their own, so the parser whose call this thread
// is in is noted for as long as it lasts.
struct XmlParser::Memory {
  size_t used = 0;

  static thread_local Memory* current;

  class Use {
   public:
    explicit Use(Memory& memory) : before_(std::exchange(current, &memory)) {}
    ~Use() { current = before_; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    Memory* const before_;
  };

  // A block is preceded by its size.
  union Head {
    size_t size;
    std::max_align_t alignment;
  };

  static void* Allocate(size_t size) { return Reallocate(nullptr, size); }
  static void* Reallocate(void* block, size_t size) {
    Head* head = block == nullptr ? nullptr : static_cast<Head*>(block) - 1;
    const size_t before = head == nullptr ? 0 : head->size;
    if (size > kMaxMemory || current->used - before + size > kMaxMemory) return nullptr;
    auto* moved = static_cast<Head*>(std::realloc(head, sizeof(Head) + size));
    if (moved == nullptr) return nullptr;
    moved->size = size;
    current->used += size - before;
    return moved + 1;
  }
  static void Release(void* block) {
    if (block == nullptr) return;
    Head* head = static_cast<Head*>(block) - 1;
    current->used -= head->size;
    std::free(head);
  }
};

thread_local XmlParser::Memory* XmlParser::Memory::current = nullptr;

absl::string_view XmlAttributes::Get(absl::string_view name) const {
  for (const XML_Char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (name == *pair) return pair[1];
  }
  return "";
}

absl::string_view XmlAttributes::GetPrefixed(absl::string_view local_name) const {
  for (const XML_Char** pair = pairs_; *pair != nullptr; pair += 2) {
    const absl::string_view name = *pair;
    if (name.size() > local_name.size() && LocalName(name) == local_name) return pair[1];
  }
  return "";
}

bool XmlAttributes::IsTrue(absl::string_view name) const {
  const absl::string_view value = Get(name);
  return value == "1" || value == "true";
}

XmlParser::XmlParser(XmlHandler& handler, size_t max_depth)
    : handler_(handler), max_depth_(max_depth), memory_(std::make_unique<Memory>()) {
  const Memory::Use use(*memory_);
  const XML_Memory_Handling_Suite suite = {&Memory::Allocate, &Memory::Reallocate, &Memory::Release};
  parser_.reset(XML_ParserCreate_MM(nullptr, &suite, nullptr));
  if (parser_ == nullptr) std::abort();  // The process has no memory left.
  handler_.parser_ = this;
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), &XmlParser::OnStart, &XmlParser::OnEnd);
  XML_SetCharacterDataHandler(parser_.get(), &XmlParser::OnText);
  XML_SetStartDoctypeDeclHandler(parser_.get(), &XmlParser::OnDoctype);
}

XmlParser::~XmlParser() {
  const Memory::Use use(*memory_);
  parser_.reset();
}

char* XmlParser::Buffer(size_t length) {
  const Memory::Use use(*memory_);
  return static_cast<char*>(XML_GetBuffer(parser_.get(), static_cast<int>(length)));
}

absl::StatusOr<bool> XmlParser::Parse(size_t length, bool is_last) {
  const Memory::Use use(*memory_);
  return Outcome(XML_ParseBuffer(parser_.get(), static_cast<int>(length), is_last ? 1 : 0));
}

absl::StatusOr<bool> XmlParser::Resume() {
  const Memory::Use use(*memory_);
  return Outcome(XML_ResumeParser(parser_.get()));
}

absl::StatusOr<bool> XmlParser::Outcome(XML_Status status) {
  if (!failure_.ok()) return failure_;
  if (status != XML_STATUS_ERROR) return status == XML_STATUS_OK;
  const XML_Error error = XML_GetErrorCode(parser_.get());
  if (error == XML_ERROR_NO_MEMORY) {
    failure_ = absl::ResourceExhaustedError("XML with too many names, or too long ones");
  } else {
    failure_ = absl::DataLossError(
        absl::StrCat("XML, line ", XML_GetCurrentLineNumber(parser_.get()), ": ", XML_ErrorString(error)));
  }
  return failure_;
}

void XmlHandler::Pause() { XML_StopParser(parser_->parser_.get(), XML_TRUE); }

void XmlHandler::Fail(absl::Status status) { parser_->Fail(std::move(status)); }

void XmlParser::Fail(absl::Status status) {
  if (!failure_.ok()) return;
  failure_ = std::move(status);
  XML_StopParser(parser_.get(), XML_FALSE);
}

void XmlParser::OnStart(void* self, const XML_Char* name, const XML_Char** attributes) {
  auto& parser = *static_cast<XmlParser*>(self);
  if (!parser.failure_.ok()) return;
  if (++parser.depth_ > parser.max_depth_) {
    parser.Fail(absl::ResourceExhaustedError(absl::StrCat("XML deeper than ", parser.max_depth_)));
    return;
  }
  parser.handler_.OnStart(LocalName(name), XmlAttributes(attributes));
}

void XmlParser::OnEnd(void* self, const XML_Char*) {
  auto& parser = *static_cast<XmlParser*>(self);
  if (!parser.failure_.ok()) return;
  --parser.depth_;
  parser.handler_.OnEnd();
}

void XmlParser::OnText(void* self, const XML_Char* text, int length) {
  auto& parser = *static_cast<XmlParser*>(self);
  if (parser.failure_.ok()) parser.handler_.OnText(absl::string_view(text, static_cast<size_t>(length)));
}

void XmlParser::OnDoctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  static_cast<XmlParser*>(self)->Fail(absl::DataLossError("XML with a DOCTYPE"));
}

}  // namespace satudata::tables
