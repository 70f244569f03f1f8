#include "tests/simulator/state.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::simulator {
namespace {

using ::testing::HasSubstr;

std::string Message(const absl::StatusOr<State>& state) { return std::string(state.status().message()); }

TEST(ValueKey, IsReadBackFromItsText) {
  const ValueKey key{"1612", "2024", "1.02.000318"};
  EXPECT_EQ(key.Text(), "1612.1.02.000318.2024");
  EXPECT_EQ(key.Text(','), "1612,1.02.000318,2024");
  EXPECT_EQ(ParseValueKey(key.Text()), key);
  EXPECT_EQ(ParseValueKey("1612.2024"), std::nullopt);
  EXPECT_EQ(ParseValueKey(""), std::nullopt);
}

TEST(ParseState, ReadsEveryPart) {
  const auto state = ParseState(R"({
    "reference": [{"kodeindikator": "1.02.000318", "satuan": "orang", "status": "DISABLED"}],
    "values": [{"kodeindikator": "1.02.000318", "kodepemda": "1612", "tahun": "2024", "data": "9",
                "final": true, "walidata": true},
               {"kodeindikator": "1.02.000319", "kodepemda": "1612", "tahun": "2024", "data": null}],
    "datasets": [{"dataset_id": "f1", "theme": "t"}],
    "remove_values": ["1612.1.02.000318.2023"], "remove_datasets": ["f0"]})");
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->reference.at(0).status, "DISABLED");
  EXPECT_EQ(state->values.at(0).data, "9");
  EXPECT_TRUE(state->values.at(0).is_final && state->values.at(0).by_walidata);
  EXPECT_FALSE(state->values.at(0).by_pembina);
  EXPECT_EQ(state->values.at(1).data, std::nullopt);
  EXPECT_EQ(state->datasets.at(0).id, "f1");
  EXPECT_EQ(state->remove_values.at(0).tahun, "2023");
  EXPECT_EQ(state->remove_datasets.at(0), "f0");
}

TEST(ParseState, SaysWhichEntryIsWrong) {
  EXPECT_THAT(Message(ParseState("[]")), HasSubstr("no JSON object"));
  EXPECT_THAT(Message(ParseState("{")), HasSubstr("no JSON object"));
  EXPECT_THAT(Message(ParseState(R"({"values": {}})")), HasSubstr("\"values\" is no list"));
  EXPECT_THAT(Message(ParseState(R"({"values": [{"kodepemda": "1612", "tahun": 2024}]})")),
              HasSubstr("values[0] needs the text \"tahun\""));
  EXPECT_THAT(Message(ParseState(R"({"datasets": [{"dataset_id": "f1"}, 7]})")),
              HasSubstr("datasets[1] is no object"));
  EXPECT_THAT(Message(ParseState(R"({"remove_values": ["x"]})")), HasSubstr("remove_values[0]"));
}

TEST(ReadState, SaysWhichFileIsMissing) {
  EXPECT_THAT(Message(ReadState("/nonexistent/state.json")), HasSubstr("/nonexistent/state.json"));
}

}  // namespace
}  // namespace satudata::simulator
