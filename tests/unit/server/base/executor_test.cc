#include "server/base/executor.h"

#include <pthread.h>

#include <array>
#include <atomic>
#include <future>
#include <set>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/mutex.h"

namespace satudata::base {
namespace {

using ::testing::ElementsAre;

TEST(InlineExecutor, RunsInTheCallerBeforeItReturns) {
  InlineExecutor executor;
  std::thread::id ran_in;
  EXPECT_TRUE(executor.Execute([&] { ran_in = std::this_thread::get_id(); }));
  EXPECT_EQ(ran_in, std::this_thread::get_id());
}

TEST(ThreadPool, RunsEverythingOnce) {
  std::atomic<int> count{0};
  ThreadPool pool({.threads = 4});
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(pool.Execute([&] { ++count; }));
  pool.Shutdown();
  EXPECT_EQ(count, 1000);
}

TEST(ThreadPool, KeepsTheOrderWithOneThread) {
  std::vector<int> order;
  ThreadPool pool({.threads = 1});
  for (int i = 0; i < 4; ++i) pool.Execute([&order, i] { order.push_back(i); });
  pool.Shutdown();
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
}

TEST(ThreadPool, WorksOnSeveralThreadsAtOnce) {
  // Each piece of work waits for the other: with one thread neither would end.
  std::promise<void> first_runs;
  std::promise<void> second_runs;
  ThreadPool pool({.threads = 2});
  pool.Execute([&] {
    first_runs.set_value();
    second_runs.get_future().wait();
  });
  pool.Execute([&] {
    second_runs.set_value();
    first_runs.get_future().wait();
  });
  pool.Shutdown();
}

TEST(ThreadPool, RefusesWhatIsBeyondItsQueue) {
  std::promise<void> release;
  std::promise<void> busy;
  ThreadPool pool({.threads = 1, .queue_limit = 2});
  ASSERT_TRUE(pool.Execute([&] {
    busy.set_value();
    release.get_future().wait();
  }));
  busy.get_future().wait();  // The thread is taken; the queue is empty.
  EXPECT_TRUE(pool.Execute([] {}));
  EXPECT_TRUE(pool.Execute([] {}));
  EXPECT_FALSE(pool.Execute([] {}));
  release.set_value();
}

TEST(ThreadPool, RunsWhatIsQueuedBeforeItStops) {
  std::promise<void> release;
  int ran = 0;
  ThreadPool pool({.threads = 1});
  pool.Execute([&] { release.get_future().wait(); });
  for (int i = 0; i < 10; ++i) pool.Execute([&] { ++ran; });
  release.set_value();
  pool.Shutdown();
  EXPECT_EQ(ran, 10);
}

TEST(ThreadPool, RefusesWorkAfterShutdown) {
  ThreadPool pool({.threads = 2});
  pool.Shutdown();
  EXPECT_FALSE(pool.Execute([] { FAIL() << "ran after shutdown"; }));
  pool.Shutdown();  // Idempotent.
}

TEST(ThreadPool, FinishesInItsDestructor) {
  int ran = 0;
  {
    ThreadPool pool({.threads = 1});
    pool.Execute([&] { ++ran; });
  }
  EXPECT_EQ(ran, 1);
}

TEST(ThreadPool, NamesItsThreads) {
  std::array<char, 16> name{};
  ThreadPool pool({.name = "sender", .threads = 1});
  pool.Execute([&] { pthread_getname_np(pthread_self(), name.data(), name.size()); });
  pool.Shutdown();
  EXPECT_STREQ(name.data(), "sender-0");
}

TEST(ThreadPool, CutsANameThatTheSystemWouldRefuse) {
  std::array<char, 16> name{};
  ThreadPool pool({.name = "a-very-long-name-for-a-thread", .threads = 1});
  pool.Execute([&] { pthread_getname_np(pthread_self(), name.data(), name.size()); });
  pool.Shutdown();
  EXPECT_STREQ(name.data(), "a-very-long-nam");
}

TEST(CondVar, WakesTheWaiter) {
  Mutex mu;
  CondVar changed;
  bool ready = false;
  std::thread waker([&] {
    MutexLock lock(&mu);
    ready = true;
    changed.Signal();
  });
  {
    MutexLock lock(&mu);
    while (!ready) changed.Wait(&mu);
  }
  waker.join();
  EXPECT_TRUE(ready);
}

}  // namespace
}  // namespace satudata::base
