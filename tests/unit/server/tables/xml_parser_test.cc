#include "server/tables/xml_parser.h"

#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::tables {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Recorder final : public XmlHandler {
 public:
  void OnStart(absl::string_view name, const XmlAttributes& attributes) override {
    seen.push_back(absl::StrCat("<", name, attributes.Get("a"), attributes.GetPrefixed("id")));
    if (name == "fail") Fail(absl::DataLossError("as told"));
  }
  void OnEnd() override {
    seen.emplace_back(">");
    if (pauses) Pause();
  }
  void OnText(absl::string_view text) override { absl::StrAppend(&texts, text); }

  std::vector<std::string> seen;
  std::string texts;
  bool pauses = false;
};

absl::StatusOr<bool> Feed(XmlParser& parser, absl::string_view piece, bool is_last) {
  char* buffer = parser.Buffer(piece.size());
  if (buffer == nullptr) return absl::ResourceExhaustedError("no buffer");
  std::memcpy(buffer, piece.data(), piece.size());
  return parser.Parse(piece.size(), is_last);
}

absl::Status ParseAll(absl::string_view xml, size_t max_depth = 64) {
  Recorder recorder;
  XmlParser parser(recorder, max_depth);
  while (xml.size() > 1000) {
    if (const auto fed = Feed(parser, xml.substr(0, 1000), false); !fed.ok()) return fed.status();
    xml.remove_prefix(1000);
  }
  return Feed(parser, xml, true).status();
}

TEST(XmlParser, TellsElementsWithoutTheirPrefixes) {
  Recorder recorder;
  XmlParser parser(recorder, 64);
  ASSERT_TRUE(
      Feed(parser, "<x:r xmlns:x='u' xmlns:p='v' a='1' p:id='2' id='3'>t&amp;<s/>u</x:r>", true).ok());
  EXPECT_THAT(recorder.seen, ElementsAre("<r12", "<s", ">", ">"));
  EXPECT_EQ(recorder.texts, "t&u");
}

TEST(XmlParser, PausesAndGoesOn) {
  Recorder recorder;
  recorder.pauses = true;
  XmlParser parser(recorder, 64);
  EXPECT_FALSE(Feed(parser, "<r><s/><t></t></r>", true).value());
  EXPECT_THAT(recorder.seen, ElementsAre("<r", "<s", ">"));
  EXPECT_FALSE(parser.Resume().value());
  EXPECT_FALSE(parser.Resume().value());
  EXPECT_TRUE(parser.Resume().value());
  EXPECT_THAT(recorder.seen, ElementsAre("<r", "<s", ">", "<t", ">", ">"));
}

TEST(XmlParser, EndsWithWhatTheHandlerSays) {
  const absl::Status status = ParseAll("<r><fail/><s/></r>");
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_EQ(status.message(), "as told");
}

TEST(XmlParser, RefusesADoctype) {
  EXPECT_TRUE(absl::IsDataLoss(ParseAll("<!DOCTYPE r [<!ENTITY e 'x'>]><r>&e;</r>")));
  EXPECT_THAT(std::string(ParseAll("<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>").message()),
              HasSubstr("DOCTYPE"));
}

TEST(XmlParser, RefusesWhatIsNotWellFormed) {
  for (const absl::string_view xml :
       {"", "x", "<r>", "<r></s>", "<r>&nbsp;</r>", "<r a='1' a='2'/>", "<r>\xFF</r>", "<r/><r/>"}) {
    EXPECT_TRUE(absl::IsDataLoss(ParseAll(xml))) << xml;
  }
}

TEST(XmlParser, RefusesDepth) {
  std::string xml;
  for (int i = 0; i < 64; ++i) xml += "<d>";
  std::string ends;
  for (int i = 0; i < 64; ++i) ends += "</d>";
  EXPECT_TRUE(ParseAll(xml + ends).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(ParseAll("<r>" + xml + ends + "</r>")));
}

TEST(XmlParser, BoundsWhatItRemembersOfNames) {
  std::string xml = "<r>";
  for (int i = 0; i < 200'000; ++i) absl::StrAppend(&xml, "<n", i, "/>");
  EXPECT_TRUE(absl::IsResourceExhausted(ParseAll(xml + "</r>")));
}

TEST(XmlParser, BoundsOneElement) {
  EXPECT_TRUE(absl::IsResourceExhausted(ParseAll("<r a='" + std::string(20 << 20, 'x') + "'/>")));
}

TEST(XmlParser, ReadsLongTexts) { EXPECT_TRUE(ParseAll("<r>" + std::string(20 << 20, 'x') + "</r>").ok()); }

}  // namespace
}  // namespace satudata::tables
