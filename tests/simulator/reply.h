// File: reply.h
//
// One answer: what it says, and what becomes of it on the wire. A value; any thread.
#ifndef TESTS_SIMULATOR_REPLY_H_
#define TESTS_SIMULATOR_REPLY_H_

#include <string>
#include <utility>
#include <vector>

namespace satudata::simulator {

// How the connection carries the answer, or fails to.
enum class Wire {
  kWhole,   // As it should.
  kReset,   // TCP reset instead of an answer.
  kHangUp,  // Nothing until the hold is over, then the connection closes without an answer.
  kDrip,    // The head at once, the body byte by byte until the hold is over, then the connection closes.
  kCut,     // The head announces the whole body; half of it comes, then the connection closes.
  kNoEnd,   // The body in chunks, then chunks of blanks until the hold is over; it closes without the last.
};

struct Reply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  Wire wire = Wire::kWhole;
};

// What a client can know of the status; 0 where no answer reaches it.
inline int StatusOnTheWire(const Reply& reply) {
  return reply.wire == Wire::kReset || reply.wire == Wire::kHangUp ? 0 : reply.status;
}

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_REPLY_H_
