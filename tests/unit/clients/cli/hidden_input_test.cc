// On a terminal of the test's own.
#include "clients/cli/hidden_input.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

namespace satudata::cli {
namespace {

class HiddenInputTest : public ::testing::Test {
 protected:
  HiddenInputTest() : person_(posix_openpt(O_RDWR | O_NOCTTY)) {
    EXPECT_EQ(grantpt(person_), 0);
    EXPECT_EQ(unlockpt(person_), 0);
    program_ = open(ptsname(person_), O_RDWR | O_NOCTTY);
    EXPECT_GE(program_, 0);
  }
  ~HiddenInputTest() override {
    close(program_);
    if (person_ >= 0) close(person_);
  }

  bool IsShown() const {
    termios state{};
    EXPECT_EQ(tcgetattr(program_, &state), 0);
    return (state.c_lflag & ECHO) != 0;
  }
  // As a person does: once nothing is shown any more.
  void TypeWhenHidden(const std::string& text) {
    while (IsShown()) std::this_thread::yield();
    EXPECT_EQ(write(person_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  // What the terminal shows now.
  std::string Screen() const {
    pollfd one{.fd = person_, .events = POLLIN, .revents = 0};
    std::string shown;
    while (poll(&one, 1, 0) > 0 && (one.revents & POLLIN) != 0) {
      char buffer[64];
      const ssize_t size = read(person_, buffer, sizeof buffer);
      if (size <= 0) break;
      shown.append(buffer, static_cast<size_t>(size));
    }
    return shown;
  }

  int person_;
  int program_ = -1;
  Interrupt interrupt_;
};

TEST_F(HiddenInputTest, ReadsALineWithoutShowingIt) {
  std::thread person([this] { TypeWhenHidden("padi jagung\nnext"); });
  EXPECT_EQ(ReadHiddenLine(program_, interrupt_), "padi jagung");
  person.join();
  EXPECT_EQ(Screen().find("padi"), std::string::npos);
  EXPECT_TRUE(IsShown()) << "the terminal is as it was";
}

TEST_F(HiddenInputTest, CtrlCEndsIt) {
  std::thread person([this] {
    while (IsShown()) std::this_thread::yield();
    interrupt_.Raise();
  });
  EXPECT_EQ(ReadHiddenLine(program_, interrupt_), std::nullopt);
  person.join();
  EXPECT_TRUE(IsShown());
}

TEST_F(HiddenInputTest, TheEndOfTheInputIsNoPassword) {
  std::thread person([this] { TypeWhenHidden("\x04"); });
  EXPECT_EQ(ReadHiddenLine(program_, interrupt_), std::nullopt);
  person.join();
}

}  // namespace
}  // namespace satudata::cli
