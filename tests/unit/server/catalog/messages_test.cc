#include "server/catalog/messages.h"

#include <ostream>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/reason_table.h"

namespace satudata::catalog {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::set<std::string> PlacesIn(absl::string_view text) {
  std::set<std::string> places;
  for (size_t open = text.find('{'); open != absl::string_view::npos; open = text.find('{', open + 1)) {
    absl::string_view place = text.substr(open + 1, text.find('}', open) - open - 1);
    absl::ConsumeSuffix(&place, "|decimal");
    places.emplace(place);
  }
  return places;
}

std::set<std::string> DeclaredArgs(const ReasonRow& row) {
  std::set<std::string> args;
  for (absl::string_view arg : row.args) {
    if (!arg.empty()) args.emplace(arg);
  }
  return args;
}

// `line` is for the import's report, which names it beside the text; the texts of files have it all the same.
TEST(ReasonTable, UsesEveryDeclaredArgumentAndNoOther) {
  for (const ReasonRow& row : AllReasonRows()) {
    EXPECT_EQ(PlacesIn(row.indonesian), PlacesIn(row.english)) << row.name;
    std::set<std::string> declared = DeclaredArgs(row);
    declared.erase("file_id");  // Optional to show: the file is on the screen where the text is.
    std::set<std::string> shown = PlacesIn(row.english);
    shown.erase("file_id");
    EXPECT_EQ(shown, declared) << row.name;
  }
}

TEST(ReasonTable, SaysCauseAndCureInBothLanguages) {
  for (const ReasonRow& row : AllReasonRows()) {
    for (absl::string_view text : {row.indonesian, row.english}) {
      EXPECT_GT(text.size(), 40U) << row.name;
      EXPECT_TRUE(absl::EndsWith(text, ".")) << row.name;
      EXPECT_TRUE(absl::StrContains(text, ". ") || absl::StrContains(text, "; "))
          << row.name << ": one sentence";
    }
    EXPECT_NE(row.indonesian, row.english) << row.name;
  }
}

TEST(ReasonTable, HasBracketsInPairsAroundArguments) {
  for (const ReasonRow& row : AllReasonRows()) {
    for (absl::string_view text : {row.indonesian, row.english}) {
      size_t close = 0;
      for (size_t open = text.find('['); open != absl::string_view::npos; open = text.find('[', close)) {
        close = text.find(']', open);
        ASSERT_NE(close, absl::string_view::npos) << row.name;
        EXPECT_FALSE(PlacesIn(text.substr(open, close - open)).empty()) << row.name;
      }
    }
  }
}

// The one whose turn it is finds himself named, so that nobody waits for somebody else.
TEST(ReasonTable, NamesTheOwnerWhoMustMendAFile) {
  for (const ReasonRow& row : AllReasonRows()) {
    if (row.reason < Reason::kFileNotVerified || row.reason > Reason::kDuplicateValue) continue;
    if (row.owner == Owner::kProducer) {
      EXPECT_THAT(std::string(row.indonesian), HasSubstr("rodusen data")) << row.name;
      EXPECT_THAT(std::string(row.english), HasSubstr("data producer")) << row.name;
    } else if (row.owner == Owner::kDataSteward) {
      EXPECT_THAT(std::string(row.indonesian), HasSubstr("alidata")) << row.name;
      EXPECT_THAT(std::string(row.english), HasSubstr("data steward")) << row.name;
    } else if (row.owner == Owner::kOperator) {
      EXPECT_THAT(std::string(row.indonesian), HasSubstr("perator")) << row.name;
      EXPECT_THAT(std::string(row.english), HasSubstr("operator")) << row.name;
    }
  }
}

TEST(WordFailure, LeavesNoPlaceOpenWhateverIsMissing) {
  for (const ReasonRow& row : AllReasonRows()) {
    FailureArgs all;
    for (const std::string& arg : DeclaredArgs(row)) all[arg] = "ISI";
    for (Language language : {Language::kIndonesian, Language::kEnglish}) {
      for (const FailureArgs& args : {FailureArgs(), all}) {
        const std::string text = WordFailure(Failure{.reason = row.reason, .args = args}, language);
        EXPECT_EQ(text.find_first_of("{}[]|"), std::string::npos) << text;
        EXPECT_EQ(text.find("  "), std::string::npos) << text;
      }
    }
  }
}

TEST(WordFailure, IsEmptyForNoFailure) {
  EXPECT_EQ(WordFailure(Failure(), Language::kIndonesian), "");
  EXPECT_EQ(WordFailure(Failure(), Language::kEnglish), "");
}

TEST(WordReason, SaysWhatIsTrueOfAll) {
  EXPECT_EQ(WordReason(Reason::kMetadataMissing, Language::kEnglish),
            "The target requires …, which is empty. The data producer should fill it in on the portal.");
  EXPECT_EQ(WordReason(Reason::kNone, Language::kEnglish), "");
  for (const ReasonRow& row : AllReasonRows()) {
    for (const Language language : {Language::kIndonesian, Language::kEnglish}) {
      EXPECT_EQ(WordReason(row.reason, language).find_first_of("{}[]|?"), std::string::npos) << row.name;
    }
  }
}

TEST(WordFailure, PutsArgumentsInTheirPlaces) {
  const Failure failure{.reason = Reason::kFileNotVerified,
                        .args = {{"file_id", "6650"}, {"verification", "Belum Verifikasi"}}};
  EXPECT_EQ(WordFailure(failure, Language::kIndonesian),
            "Berkas 6650 berstatus Belum Verifikasi, jadi belum boleh dikirim. Walidata memeriksa dan "
            "memverifikasinya dahulu.");
}

TEST(WordFailure, ShowsAMissingArgumentAsAQuestionMark) {
  EXPECT_EQ(WordFailure(Failure{.reason = Reason::kRunNotFound}, Language::kEnglish),
            "Run ? was not found. Check the id in the list of runs.");
}

TEST(WordFailure, LeavesOutAPartThatSaysNothing) {
  Failure failure{.reason = Reason::kTargetOutage, .args = {{"detail", ""}}};
  EXPECT_THAT(WordFailure(failure, Language::kIndonesian),
              HasSubstr("Sistem tujuan sedang tidak dapat melayani. Pengiriman"));
  failure.args["detail"] = "503";
  EXPECT_THAT(WordFailure(failure, Language::kIndonesian),
              HasSubstr("Sistem tujuan sedang tidak dapat melayani (503). Pengiriman"));
}

TEST(WordFailure, NeverReadsAnArgumentAsAPlace) {
  const Failure failure{.reason = Reason::kRefusedByTarget, .args = {{"detail", "{detail} [x] {0}"}}};
  EXPECT_THAT(WordFailure(failure, Language::kEnglish), HasSubstr("refused this: {detail} [x] {0}. The"));
}

// `54.852` means fifty-four thousand to an Indonesian reader: the very misreading that the text warns of.
TEST(WordFailure, WritesDecimalsAsTheReaderReadsThem) {
  const Failure failure{.reason = Reason::kNumberAmbiguous,
                        .args = {{"value", "54,852"}, {"reading_a", "54.852"}, {"reading_b", "54852"}}};
  EXPECT_THAT(WordFailure(failure, Language::kIndonesian),
              HasSubstr("\"54,852\" dapat berarti 54,852 atau 54852"));
  EXPECT_THAT(WordFailure(failure, Language::kEnglish), HasSubstr("\"54,852\" can mean 54.852 or 54852"));
}

TEST(WordFailure, LeavesTextThatIsNoDecimalAlone) {
  const Failure failure{.reason = Reason::kTargetValueFinal,
                        .args = {{"key", "k"}, {"held_value", "no. 5.x"}}};
  EXPECT_THAT(WordFailure(failure, Language::kIndonesian), HasSubstr("menetapkan no. 5.x untuk k"));
}

TEST(WordFailure, NamesTheOtherFileOfAContradictionOnlyIfThereIsOne) {
  Failure failure{.reason = Reason::kValuesContradict,
                  .args = {{"key", "1.02.000318.2024"}, {"value", "2.5"}, {"other_value", "3"}}};
  EXPECT_THAT(WordFailure(failure, Language::kIndonesian),
              HasSubstr("tertulis 2,5, tetapi juga 3. Keduanya"));
  failure.args["other_file"] = "6650";
  failure.args["other_file_name"] = "Jumlah Dokter";
  EXPECT_THAT(WordFailure(failure, Language::kIndonesian),
              HasSubstr("tetapi juga 3 di berkas Jumlah Dokter (6650). Keduanya"));
}

struct LanguageCase {
  const char* name;
  const char* header;
  Language language;
  friend void PrintTo(const LanguageCase& c, std::ostream* out) { *out << c.name; }
};

class ParseLanguageTest : public ::testing::TestWithParam<LanguageCase> {};

TEST_P(ParseLanguageTest, FollowsTheHeader) {
  EXPECT_EQ(ParseLanguage(GetParam().header), GetParam().language);
}

INSTANTIATE_TEST_SUITE_P(
    Headers, ParseLanguageTest,
    ::testing::Values(LanguageCase{"Nothing", "", Language::kIndonesian},
                      LanguageCase{"English", "en", Language::kEnglish},
                      LanguageCase{"Indonesian", "id-ID", Language::kIndonesian},
                      LanguageCase{"OldCodeOfIndonesian", "in,en;q=0.5", Language::kIndonesian},
                      LanguageCase{"Weighed", "en-GB,en;q=0.9,id;q=0.8", Language::kEnglish},
                      LanguageCase{"WeighedTheOtherWay", "en;q=0.3, id-ID;q=0.9", Language::kIndonesian},
                      LanguageCase{"FirstOfEquals", "en,id", Language::kEnglish},
                      LanguageCase{"AnotherFirst", "fr, de;q=0.9, en;q=0.1", Language::kEnglish},
                      LanguageCase{"AnotherAlone", "fr", Language::kIndonesian},
                      LanguageCase{"AnyCase", "EN-us", Language::kEnglish},
                      LanguageCase{"NotWanted", "en;q=0", Language::kIndonesian},
                      LanguageCase{"BadWeight", "en;q=x", Language::kIndonesian},
                      LanguageCase{"NotANumber", "en;q=nan", Language::kIndonesian},
                      LanguageCase{"OtherWordWithTheSameHead", "engl", Language::kIndonesian},
                      LanguageCase{"Nonsense", ";;,=,;q", Language::kIndonesian}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(WordFailure, BeginsWithThePlaceWhereThereIsOne) {
  Failure failure = {.reason = Reason::kNumberInvalid, .args = {{"value", "tujuh"}, {"cell", "C7"}}};
  EXPECT_THAT(WordFailure(failure, Language::kEnglish), testing::StartsWith("Cell C7: \"tujuh\" cannot"));
  failure.args["sheet"] = "Data {value}";
  EXPECT_THAT(WordFailure(failure, Language::kIndonesian),
              testing::StartsWith("Sel C7 lembar \"Data {value}\": \"tujuh\" tidak"));
}

}  // namespace
}  // namespace satudata::catalog
