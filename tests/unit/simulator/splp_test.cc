// SPLP as it answers when nothing goes wrong.
#include "gtest/gtest.h"
#include "tests/unit/simulator/running_simulator.h"

namespace satudata::simulator {
namespace {

TEST(Splp, CreatesThenUpdatesByTheSamePost) {
  RunningSimulator simulator(QuickOptions());
  const auto created = simulator.Post("/splp/datasets", DatasetBody("f1"));
  EXPECT_EQ(StatusOf(created), 201);
  EXPECT_EQ(JsonOf(created)["status"], "success");
  EXPECT_EQ(JsonOf(created)["data"]["dataset_id"], "f1");
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1", "Lain"))), 200);
  EXPECT_EQ(simulator->truth().SplpRecord("f1")->applies, 2u);
}

TEST(Splp, GetGivesTheObjectAsPosted) {
  RunningSimulator simulator(QuickOptions());
  simulator.Post("/splp/datasets", DatasetBody("f1"));
  const auto read = simulator.Get("/splp/datasets/f1");
  EXPECT_EQ(StatusOf(read), 200);
  EXPECT_EQ(read->body, DatasetBody("f1"));
  const auto absent = simulator.Get("/splp/datasets/f2");
  EXPECT_EQ(StatusOf(absent), 404);
  EXPECT_EQ(JsonOf(absent)["status"], "error");
}

TEST(Splp, NamesEveryMissingField) {
  RunningSimulator simulator(QuickOptions());
  auto body = nlohmann::json::parse(DatasetBody("f1"));
  body.erase("theme");
  body["producer"] = "";
  const auto refused = simulator.Post("/splp/datasets", body.dump());
  EXPECT_EQ(StatusOf(refused), 422);
  ASSERT_EQ(JsonOf(refused)["errors"].size(), 2u);
  EXPECT_EQ(JsonOf(refused)["errors"][0]["field"], "theme");
  EXPECT_EQ(JsonOf(refused)["errors"][1]["field"], "producer");
  EXPECT_EQ(simulator->truth().SplpRecord("f1"), std::nullopt);
}

TEST(Splp, RefusesWhatIsNoObject) {
  RunningSimulator simulator(QuickOptions());
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", "[1]")), 400);
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", "{\"dataset_id\":")), 400);
}

TEST(Splp, ConflictsOnExistingWhenToldTo) {
  Options options = QuickOptions();
  options.conflict_on_existing = true;
  RunningSimulator simulator(options);
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1"))), 201);
  EXPECT_EQ(StatusOf(simulator.Post("/splp/datasets", DatasetBody("f1"))), 409);
  EXPECT_EQ(simulator->truth().SplpRecord("f1")->applies, 1u);
  EXPECT_EQ(StatusOf(simulator.Put("/splp/datasets/f1", DatasetBody("f1", "Lain"))), 200);
  EXPECT_EQ(simulator->truth().SplpRecord("f1")->applies, 2u);
}

TEST(Splp, PutNeedsADatasetThatIsThereAndTheSameId) {
  RunningSimulator simulator(QuickOptions());
  EXPECT_EQ(StatusOf(simulator.Put("/splp/datasets/f1", DatasetBody("f1"))), 404);
  EXPECT_EQ(StatusOf(simulator.Put("/splp/datasets/f1", DatasetBody("f2"))), 422);
}

TEST(Splp, HoldsWhatTheStateSays) {
  Options options = QuickOptions();
  options.state = *ParseState(R"({"datasets": [{"dataset_id": "f1", "theme": "t"}]})");
  RunningSimulator simulator(options);
  EXPECT_EQ(JsonOf(simulator.Get("/splp/datasets/f1"))["theme"], "t");
  EXPECT_EQ(simulator->truth().SplpRecord("f1")->applies, 0u);
}

TEST(Splp, KnowsNoOtherResource) {
  RunningSimulator simulator(QuickOptions());
  EXPECT_EQ(StatusOf(simulator.Get("/splp/elsewhere")), 404);
  EXPECT_EQ(StatusOf(simulator.Get("/")), 404);
}

}  // namespace
}  // namespace satudata::simulator
