#include "server/tables/ooxml_relations.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/tables/xml_entry.h"

namespace satudata::tables {
namespace {

constexpr size_t kMaxRelations = 10'000;
constexpr size_t kMaxNameBytes = 1024;

absl::string_view BehindLastSlash(absl::string_view text) {
  const size_t slash = text.rfind('/');
  return slash == absl::string_view::npos ? text : text.substr(slash + 1);
}

class RelationsHandler final : public XmlHandler {
 public:
  explicit RelationsHandler(absl::string_view part) : part_(part) {}

  void OnStart(absl::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship") return;
    const absl::string_view id = attributes.Get("Id");
    const absl::string_view kind = BehindLastSlash(attributes.Get("Type"));
    const absl::string_view target = attributes.Get("Target");
    const bool is_long = id.size() + kind.size() + target.size() > kMaxNameBytes;
    if (is_long || relations_.size() >= kMaxRelations) {
      Fail(absl::ResourceExhaustedError("relations, too many or too long"));
      return;
    }
    const bool is_outside = attributes.Get("TargetMode") == "External";
    relations_.push_back({std::string(id), std::string(kind), is_outside ? "" : ResolvePart(part_, target)});
  }
  void OnEnd() override {}

  std::vector<OoxmlRelation> TakeRelations() { return std::move(relations_); }

 private:
  const absl::string_view part_;
  std::vector<OoxmlRelation> relations_;
};

}  // namespace

std::string ResolvePart(absl::string_view part, absl::string_view target) {
  std::vector<absl::string_view> pieces;
  if (!absl::ConsumePrefix(&target, "/")) {
    pieces = absl::StrSplit(part, '/');
    pieces.pop_back();
  }
  for (const absl::string_view piece : absl::StrSplit(target, absl::ByAnyChar("/\\"))) {
    if (piece == "..") {
      if (!pieces.empty()) pieces.pop_back();
    } else if (!piece.empty() && piece != ".") {
      pieces.push_back(piece);
    }
  }
  return absl::StrJoin(pieces, "/");
}

absl::StatusOr<std::vector<OoxmlRelation>> ReadRelations(ZipArchive& archive, absl::string_view part,
                                                         const TableLimits& limits) {
  const absl::string_view file = BehindLastSlash(part);
  const absl::string_view folder = part.substr(0, part.size() - file.size());
  const std::string name = absl::StrCat(folder, "_rels/", file, ".rels");
  if (!archive.Has(name)) return std::vector<OoxmlRelation>();
  RelationsHandler handler(part);
  if (absl::Status read = ReadXml(archive, name, handler, limits); !read.ok()) return read;
  return handler.TakeRelations();
}

std::string PartOfKind(const std::vector<OoxmlRelation>& relations, absl::string_view kind) {
  for (const OoxmlRelation& relation : relations) {
    if (relation.kind == kind) return relation.part;
  }
  return "";
}

}  // namespace satudata::tables
