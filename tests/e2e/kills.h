// File: kills.h
//
// A server that is killed again and again in the middle of its runs, and at the end what it claims against
// what the targets hold.
#ifndef TESTS_E2E_KILLS_H_
#define TESTS_E2E_KILLS_H_

#include <cstdint>
#include <random>
#include <string>

#include "tests/e2e/stack.h"

namespace satudata::e2e {

// `count` files, from `first` on, as the portal exports them: one dataset and one value each.
std::string ExportedFiles(int first, int count);

// Waits until nothing is open any more, syncs all once more, and fails the test if anything of `files`
// exported files is lost, claimed falsely, sent twice without need, or still not there.
void ExpectAllIsWell(Stack& stack, int files);

// SATUDATA_KILL_SEED, or a random one. Print it: with the same seed the same moments are chosen.
uint64_t KillSeed();

// One at a time; one thread.
class Kills {
 public:
  explicit Kills(uint64_t seed, std::string database_url = "");  // As in Stack::Options.

  // Begins new work where a run can be started, kills the server at a moment of chance within it, and starts
  // it again.
  void KillOnce();
  void ExpectAllIsWell() { e2e::ExpectAllIsWell(stack_, files_); }

 private:
  // What is under way when it is killed; each in turn.
  enum class Stage { kPlanning, kSending, kStarting, kConfirming };

  static Stack::Options Options(std::string database_url);
  void BeginWork();
  void AwaitMoment(Stage stage);
  int64_t Requests() const;
  int64_t Uniform(int64_t least, int64_t most);

  Stack stack_;
  std::mt19937_64 dice_;
  int kills_ = 0;
  int files_ = 0;
};

}  // namespace satudata::e2e

#endif  // TESTS_E2E_KILLS_H_
