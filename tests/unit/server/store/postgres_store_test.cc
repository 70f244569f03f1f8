// What is particular to PostgreSQL: connections that break off at any moment, other servers at the same
// database, and databases that cannot be used.
#include <atomic>
#include <thread>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/connection.h"
#include "server/store/write_turn.h"
#include "tests/unit/server/store/postgres_proxy.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using sync::State;
using testing::HasSubstr;
using testing::Not;

constexpr absl::Duration kPatience = absl::Seconds(30);

// Lets other threads work until `condition` holds; fails the test if it does not in a long time.
template <typename Condition>
void Await(const Condition& condition) {
  const absl::Time give_up = absl::Now() + kPatience;
  while (!condition() && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(1));
  ASSERT_TRUE(condition());
}

fakes::PostgresServer& Server() { return fakes::PostgresServer::Get(); }

class PostgresStoreTest : public StoreTest {
 protected:
  void SetUp() override {
    OpenOn(engine_.Url());
    CreateRun("r1");
  }
  // Before what the callbacks touch.
  void TearDown() override { store_.reset(); }

  std::string Sql(const std::string& sql) { return Server().Sql(sql, engine_.database()); }
  // Ends the connections of this store for which `condition` holds; how many.
  int Terminate(const std::string& condition) {
    const std::string ended = Sql(absl::StrCat(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity a WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND ",
        condition));
    return std::atoi(ended.c_str());
  }
  // Another program's connection.
  PgSession Another() const { return PgSession({.url = engine_.Url(), .lock_timeout = kPatience}); }

  void SubmitDeliveries(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string id = absl::StrCat("d", submitted_++);
      sync::Change change{.run_id = "r1"};
      change.deliveries.push_back({MakeDelivery("r1", id, id), std::nullopt});
      change.records.push_back({id, 0, MakeRecord(id)});
      store_->Submit(std::move(change), [this](const absl::Status& status, const sync::Change&) {
        ++(status.ok() ? written_ : lost_);
      });
    }
  }
  std::string HealthText() const { return std::string(store_->Health().message()); }
  // All that was submitted is there, once.
  void ExpectAllStored() {
    Await([this] { return written_ == submitted_; });
    const auto run = store_->GetRun("r1");
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_EQ(run->last_sequence, submitted_);
    EXPECT_EQ(run->counts.at("splp")[State::kQueued], submitted_);
    EXPECT_EQ(Sql("SELECT count(*) FROM record"), absl::StrCat(submitted_, "\n"));
    EXPECT_EQ(lost_, 0);
    EXPECT_TRUE(store_->Healthy()) << HealthText();
  }

  PostgresEngine engine_;
  int submitted_ = 0;
  std::atomic<int> written_ = 0;
  std::atomic<int> lost_ = 0;
};

TEST_F(PostgresStoreTest, WhatIsWrittenWhileTheServerRestartsIsStoredOnce) {
  for (const char* how : {"fast", "immediate"}) {
    SubmitDeliveries(1'000);
    Server().Stop(how);
    SubmitDeliveries(1'000);
    Await([this] { return !store_->Healthy(); });
    EXPECT_THAT(HealthText(), HasSubstr("PostgreSQL")) << how;
    EXPECT_FALSE(store_->GetRun("r1").ok());
    Server().Start();
    ExpectAllStored();
    EXPECT_TRUE(store_->CreateRun({MakeRun(absl::StrCat("after-", how)), "f"}).ok());
  }
}

TEST_F(PostgresStoreTest, ReadersThatLostTheirConnectionsAreNotTold) {
  EXPECT_TRUE(store_->GetRun("r1").ok());
  EXPECT_GE(Terminate("true"), 2);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(store_->GetRun("r1").ok());
}

TEST_F(PostgresStoreTest, AConnectionThatTheServerHasEndedIsKnownToBeLost) {
  PgSession session({.url = engine_.Url()});
  EXPECT_TRUE(session.IsAlive());
  EXPECT_EQ(Terminate(absl::StrCat("pid = ", session.ProcessId())), 1);
  Await([&] {
    return Sql(absl::StrCat("SELECT count(*) FROM pg_stat_activity WHERE pid = ", session.ProcessId())) ==
           "0\n";
  });
  EXPECT_FALSE(session.IsAlive());
}

TEST_F(PostgresStoreTest, ConnectionsThatAreEndedInTheMiddleCostNothing) {
  for (int i = 0; i < 20; ++i) {
    SubmitDeliveries(200);
    Terminate(i % 3 == 0 ? "true" : "xact_start IS NOT NULL");
  }
  ExpectAllStored();
}

TEST_F(PostgresStoreTest, ATableThatIsHeldIsWaitedForAndNamed) {
  store_.reset();
  StoreOptions options = OptionsFor(engine_.Url());
  PgSession another = Another();
  for (const bool lock_ends_first : {true, false}) {
    options.busy_timeout = lock_ends_first ? absl::Milliseconds(300) : kPatience;
    options.statement_timeout = lock_ends_first ? kPatience : absl::Milliseconds(500);
    Await([&] {
      auto opened = OpenStore(options, clock_);
      if (opened.ok()) store_ = *std::move(opened);
      return store_ != nullptr;
    });
    another.Run("BEGIN; LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE");
    SubmitDeliveries(20);
    Await([this] { return !store_->Healthy(); });
    EXPECT_THAT(HealthText(), HasSubstr(lock_ends_first ? "find what else holds it" : "what holds it up"));
    another.Run("ROLLBACK");
    ExpectAllStored();
    store_.reset();
  }
}

TEST_F(PostgresStoreTest, ACommitWhoseAnswerIsLostIsNotDoneTwice) {
  PostgresProxy proxy(Server().socket());
  OpenOn(proxy.Url(engine_.database()));
  proxy.Lose(Loss::kAnswer);
  SubmitDeliveries(1);
  ExpectAllStored();
  EXPECT_EQ(proxy.losses(), 1);
  EXPECT_EQ(store_->GetDelivery("d0")->delivery.sequence, 1);

  proxy.Lose(Loss::kAnswer);
  EXPECT_TRUE(store_->CreateRun({MakeRun("r2"), "f"}).ok()) << "it was created, and its caller hears so";
  EXPECT_EQ(proxy.losses(), 2);
  EXPECT_TRUE(store_->GetRun("r2").ok());
  store_.reset();
}

TEST_F(PostgresStoreTest, ACommitThatNeverArrivesIsDoneAgain) {
  PostgresProxy proxy(Server().socket());
  OpenOn(proxy.Url(engine_.database()));
  proxy.Lose(Loss::kCommit);
  SubmitDeliveries(1);
  ExpectAllStored();
  EXPECT_EQ(proxy.losses(), 1);

  proxy.Lose(Loss::kCommit);
  EXPECT_TRUE(absl::IsUnavailable(store_->CreateRun({MakeRun("r2"), "f"}).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->GetRun("r2").status()));
  store_.reset();
}

TEST_F(PostgresStoreTest, CommitsThatAreLostInAStreamOfThemCostNothing) {
  PostgresProxy proxy(Server().socket());
  OpenOn(proxy.Url(engine_.database()));
  for (int i = 1; i <= 40; ++i) {
    proxy.Lose(i % 2 == 0 ? Loss::kAnswer : Loss::kCommit);
    SubmitDeliveries(30);
    Await([&] { return proxy.losses() == i; });
  }
  ExpectAllStored();
  store_.reset();
}

TEST_F(PostgresStoreTest, EveryConnectionHasItsLimits) {
  PgSession session({.url = engine_.Url(), .lock_timeout = absl::Seconds(3)});
  const PgResult limits = session.Run(
      "SELECT string_agg(current_setting(name), ' ' ORDER BY name) FROM pg_settings WHERE name IN "
      "('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')");
  EXPECT_EQ(limits.Text(0, 0), "1min 3s 1min");
}

TEST_F(PostgresStoreTest, AChangeThatContradictsCostsItselfAlone) {
  std::atomic<int> refused = 0;
  SubmitDeliveries(100);
  for (int i = 0; i < 3; ++i) {
    sync::Change change{.run_id = "r1"};
    change.deliveries.push_back({MakeDelivery("r1", absl::StrCat("unknown-", i), "f"), State::kQueued});
    store_->Submit(std::move(change), [&refused](const absl::Status& status, const sync::Change&) {
      refused += absl::IsInternal(status) ? 1 : 0;
    });
    SubmitDeliveries(50);
  }
  ExpectAllStored();
  EXPECT_EQ(refused, 3);
}

// PostgreSQL keeps neither in a text.
TEST_F(PostgresStoreTest, NulAndWhatIsNotUtf8AreReplacedAndCostNothingElse) {
  sync::Change change{.run_id = "r1"};
  change.deliveries.push_back({MakeDelivery("r1", "d1", "f1"), std::nullopt});
  sync::Record record = MakeRecord("k1");
  record.value = std::string("a\0b", 3);
  record.remote_id = "c\xFF\xC3\xA9";
  change.records.push_back({"d1", 0, record});
  ASSERT_TRUE(store_->Commit(std::move(change)).ok());
  const auto detail = store_->GetDelivery("d1");
  ASSERT_TRUE(detail.ok()) << detail.status();
  EXPECT_EQ(detail->records[0].value, "a\uFFFDb");
  EXPECT_EQ(detail->records[0].remote_id, "c\uFFFD\u00E9");
  const std::vector<std::string> odd = {std::string("k\0", 2), "k\xFE"};
  EXPECT_TRUE(store_->OpenRecords("splp", odd).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->GetDelivery(odd[0]).status()));
}

// Several servers

TEST_F(PostgresStoreTest, TwoServersWriteOneAfterTheOther) {
  auto other = OpenStore(OptionsFor(engine_.Url()), clock_);
  ASSERT_TRUE(other.ok()) << other.status();
  constexpr int kEach = 500;
  std::atomic<int> theirs = 0;
  for (int i = 0; i < kEach; ++i) {
    SubmitDeliveries(1);
    const std::string id = absl::StrCat("theirs-", i);
    sync::Change change{.run_id = "r1"};
    change.deliveries.push_back({MakeDelivery("r1", id, id, State::kConfirmed), std::nullopt});
    (*other)->Submit(std::move(change), [&theirs](const absl::Status& status, const sync::Change&) {
      theirs += status.ok() ? 1 : 0;
    });
  }
  Await([&] { return written_ == kEach && theirs == kEach; });
  EXPECT_EQ(lost_, 0);
  const auto run = (*other)->GetRun("r1");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->last_sequence, 2 * kEach);
  EXPECT_EQ(run->counts.at("splp")[State::kQueued], kEach);
  EXPECT_EQ(run->counts.at("splp")[State::kConfirmed], kEach);
  EXPECT_EQ(Sql("SELECT count(DISTINCT sequence) FROM delivery"), absl::StrCat(2 * kEach, "\n"));
}

TEST_F(PostgresStoreTest, WhoReadsBehindAnotherServersWritesMissesNothing) {
  auto other = OpenStore(OptionsFor(engine_.Url()), clock_);
  ASSERT_TRUE(other.ok()) << other.status();
  constexpr int kAll = 400;
  std::thread writer([this] {
    for (int i = 0; i < kAll; ++i) {
      ASSERT_TRUE(
          Put(MakeDelivery("r1", absl::StrCat("d", i), absl::StrCat("f", i), State::kConfirmed)).ok());
    }
  });
  int64_t cursor = 0;
  Await([&] {
    const auto events = (*other)->EventsAfter("r1", cursor, 7);
    EXPECT_TRUE(events.ok()) << events.status();
    for (const sync::RunEvent& event : *events) {
      EXPECT_EQ(event.sequence, cursor + 1) << "none is seen before the one before it";
      cursor = event.sequence;
    }
    return cursor == kAll;
  });
  writer.join();
}

TEST_F(PostgresStoreTest, AServerThatStandsStillInTheMiddleIsEnded) {
  store_.reset();
  StoreOptions options = OptionsFor(engine_.Url());
  options.busy_timeout = absl::Milliseconds(500);
  auto opened = OpenStore(options, clock_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  store_ = *std::move(opened);
  PgSession another = Another();
  another.BeginWrite();
  TakeWriteTurn(another);
  SubmitDeliveries(10);
  ExpectAllStored();
  EXPECT_THROW(another.Run("SELECT 1"), PgError);
}

TEST_F(PostgresStoreTest, ServersThatStartAtTheSameTimeMakeTheSchemaOnce) {
  const std::string database = Server().NewDatabase();
  std::vector<std::thread> servers;
  for (int i = 0; i < 3; ++i) {
    servers.emplace_back([&] {
      const auto opened = OpenStore(OptionsFor(Server().Url(database)), clock_);
      EXPECT_TRUE(opened.ok()) << opened.status();
    });
  }
  for (std::thread& server : servers) server.join();
  EXPECT_EQ(Server().Sql("SELECT count(*) = max(version) FROM schema_migration", database), "t\n");
}

// Whatever the servers' own clocks say.
TEST_F(PostgresStoreTest, LeasesLastByTheDatabasesClock) {
  sync::Change plan{.run_id = "r1"};
  plan.new_chunks.push_back({.chunk_id = "c1", .run_id = "r1", .target = "splp", .last_delivery_id = "c1"});
  ASSERT_TRUE(store_->Commit(std::move(plan)).ok());
  const sync::ChunkFilter filter{.target = "splp", .run_id = "r1"};
  const absl::Time now = clock_.Now();
  const auto claim = store_->ClaimChunk(filter, {"one", now + absl::Hours(1)}, now);
  ASSERT_TRUE(claim.ok() && claim->chunk.has_value()) << claim.status();
  const absl::Time later = now + absl::Hours(24 * 365);
  EXPECT_FALSE(store_->ClaimChunk(filter, {"two", later + absl::Hours(1)}, later)->chunk.has_value());
  EXPECT_TRUE(store_->ExpiredChunks(later)->empty());
  engine_.LetPass(absl::Hours(2));
  EXPECT_EQ(store_->ExpiredChunks(now)->size(), 1U);
  const absl::Time earlier = now - absl::Hours(24 * 365);
  EXPECT_TRUE(store_->ClaimChunk(filter, {"two", earlier + absl::Hours(1)}, earlier)->chunk.has_value());
}

// Starting

class PostgresStartTest : public StoreTest {
 protected:
  // One line that holds `text`, for a person to act on.
  void ExpectRefused(const std::string& url, absl::StatusCode code, const std::string& text) {
    const absl::Status status = OpenStore(OptionsFor(url), clock_).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(text));
    EXPECT_THAT(std::string(status.message()), HasSubstr("DATABASE_URL"));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("rahasia")));
    EXPECT_FALSE(absl::StrContains(status.message(), "\n")) << status;
  }
  static std::string UrlOf(const std::string& database, const std::string& password) {
    return absl::StrCat("postgresql://siti:", password, "@/", database, "?host=", Server().directory());
  }
};

TEST_F(PostgresStartTest, WhatIsWrongWithTheAddressIsNamed) {
  ExpectRefused("postgresql://siti:rahasia%zz@db/x", absl::StatusCode::kInvalidArgument, "%XX");
  ExpectRefused("postgresql://siti:rahasia@127.0.0.1:1/x", absl::StatusCode::kUnavailable,
                "can be reached from here");
  ExpectRefused("postgresql://siti:rahasia@no-such-host.invalid/x", absl::StatusCode::kUnavailable,
                "no-such-host.invalid");
  ExpectRefused(Server().Url("no_such_database"), absl::StatusCode::kFailedPrecondition, "CREATE DATABASE");
}

TEST_F(PostgresStartTest, WhatIsWrongWithTheUserIsNamed) {
  const std::string database = Server().NewDatabase();
  Server().Sql("CREATE ROLE siti LOGIN PASSWORD 'rahasia'");
  ExpectRefused(UrlOf(database, "rahasia-lama"), absl::StatusCode::kFailedPrecondition, "password");
  ExpectRefused(UrlOf(database, "rahasia"), absl::StatusCode::kFailedPrecondition, "owner of the database");
  Server().Sql(absl::StrCat("ALTER DATABASE ", database, " OWNER TO siti"));
  OpenOn(UrlOf(database, "rahasia"));
}

TEST_F(PostgresStartTest, WhatIsWrongWithTheDatabaseIsNamed) {
  const auto code = absl::StatusCode::kFailedPrecondition;
  EXPECT_EQ(Server().Sql("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0"), "");
  ExpectRefused(Server().Url("latin"), code, "its encoding is LATIN1");

  const std::string theirs = Server().NewDatabase();
  Server().Sql("CREATE TABLE theirs (a TEXT)", theirs);
  ExpectRefused(Server().Url(theirs), code, "another program has tables there");

  const PostgresEngine newer;
  Server().Sql("INSERT INTO schema_migration VALUES (99, 'later', 0)", newer.database());
  ExpectRefused(newer.Url(), code, "schema 99");
}

}  // namespace
}  // namespace satudata::store
