// The truth stays exact, and a key's fate its own, however many ask at once.
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/unit/simulator/running_simulator.h"

namespace satudata::simulator {
namespace {

constexpr int kThreads = 8;

// Runs `work(client, thread)` on as many threads, each with a client of its own.
template <typename Work>
void InParallel(RunningSimulator& simulator, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&simulator, &work, i] { work(*simulator.NewClient(), i); });
  }
  for (std::thread& thread : threads) thread.join();
}

std::string IdOf(int i) { return "f" + std::to_string(i); }

TEST(Concurrency, CountsAreExact) {
  RunningSimulator simulator(QuickOptions());
  constexpr int kIds = 40;
  // Every thread posts every dataset: one apply of each is needed, the others are not.
  InParallel(simulator, [](httplib::Client& client, int) {
    for (int i = 0; i < kIds; ++i) client.Post("/splp/datasets", DatasetBody(IdOf(i)), "application/json");
  });
  const Totals totals = simulator->truth().TotalsOf(System::kSplp);
  EXPECT_EQ(totals.held, static_cast<uint64_t>(kIds));
  EXPECT_EQ(totals.applies, static_cast<uint64_t>(kIds * kThreads));
  EXPECT_EQ(totals.needless_second_effects, static_cast<uint64_t>(kIds * (kThreads - 1)));
  EXPECT_EQ(JsonOf(simulator.Get("/admin/stats"))["requests"], kIds * kThreads);
}

TEST(Concurrency, AppliesUnderFaultsAreWhatTheBooksSay) {
  Options options = QuickOptions();
  options.quirk_rate = 0.5;
  options.hold = absl::Milliseconds(5);
  options.slow = absl::Milliseconds(1);
  RunningSimulator simulator(options);
  InParallel(simulator, [](httplib::Client& client, int thread) {
    for (int i = 0; i < 25; ++i) {
      const auto row = PushRow(kCode, std::to_string(i), std::to_string(1000 * thread + i));
      client.Post("/sipd/push_dssd", PushBody({row}), "application/json");
    }
  });
  simulator->truth().Flush();
  const auto truth = nlohmann::json::parse(simulator->truth().Json(Detail::kHistory));
  uint64_t applies = 0, held = 0;
  for (const auto& [key, record] : truth["sipd"].items()) {
    applies += record["history"].size();
    held += record["held"].get<bool>();
  }
  EXPECT_EQ(simulator->truth().TotalsOf(System::kSipd).applies, applies);
  EXPECT_EQ(simulator->truth().TotalsOf(System::kSipd).held, held);
  EXPECT_EQ(truth["sipd"].size(), kThreads * 25u);
}

// What befell each dataset, in the order in which it was posted.
std::map<std::string, std::vector<std::string>> Fates(RunningSimulator& simulator, int ids) {
  std::map<std::string, std::vector<std::string>> fates;
  for (int i = 0; i < ids; ++i) {
    const Record record = simulator->truth().SplpRecord(IdOf(i)).value_or(Record());
    for (const Answer& answer : record.answers) fates[IdOf(i)].emplace_back(answer.what);
  }
  return fates;
}

TEST(Concurrency, SameSeedSameFatesWhateverTheOrder) {
  Options options = QuickOptions();
  options.quirk_rate = 0.6;
  options.hold = absl::Milliseconds(2);
  options.drip_interval = absl::Milliseconds(1);
  options.seed = 42;
  constexpr int kIds = 48;
  constexpr int kRounds = 3;
  RunningSimulator together(options);
  InParallel(together, [](httplib::Client& client, int thread) {
    for (int i = thread; i < kIds; i += kThreads) {
      for (int round = 0; round < kRounds; ++round) {
        client.Post("/splp/datasets", DatasetBody(IdOf(i)), "application/json");
      }
    }
  });
  RunningSimulator alone(options);
  for (int round = 0; round < kRounds; ++round) {
    for (int i = kIds - 1; i >= 0; --i) alone.Post("/splp/datasets", DatasetBody(IdOf(i)));
  }
  EXPECT_EQ(Fates(together, kIds), Fates(alone, kIds));
}

TEST(Concurrency, SlotsBoundWhatIsServedAtATime) {
  Options options = QuickOptions();
  options.splp.slots = 3;
  options.splp.latency = absl::Milliseconds(2);
  RunningSimulator simulator(options);
  InParallel(simulator, [](httplib::Client& client, int) {
    for (int i = 0; i < 5; ++i) client.Post("/splp/datasets", DatasetBody(IdOf(i)), "application/json");
  });
  const auto concurrency = JsonOf(simulator.Get("/admin/stats"))["splp"]["concurrency"];
  EXPECT_EQ(concurrency["peak_serving"], 3);
  EXPECT_GT(concurrency["peak_offered"], 3);
  EXPECT_GT(concurrency["over_limit"], 0);
}

TEST(Concurrency, RefusePolicyAnswers503BeyondTheSlots) {
  Options options = QuickOptions();
  options.splp.slots = 1;
  options.splp.latency = absl::Milliseconds(5);
  options.slot_policy = SlotPolicy::kRefuse;
  RunningSimulator simulator(options);
  InParallel(simulator, [](httplib::Client& client, int) {
    for (int i = 0; i < 10; ++i) client.Post("/splp/datasets", DatasetBody(IdOf(i)), "application/json");
  });
  const auto post = JsonOf(simulator.Get("/admin/stats"))["operations"]["splp.post"];
  EXPECT_GT(post["refused"]["slots"], 0);
  EXPECT_EQ(post["answers"]["503"], post["refused"]["slots"]);
}

}  // namespace
}  // namespace satudata::simulator
