// File: stop.h
//
// Where a std::stop_source comes from. It is made out of line: g++ 12 takes its constructor for a use of
// uninitialised memory wherever it is inlined.
#ifndef SERVER_BASE_STOP_H_
#define SERVER_BASE_STOP_H_

#include <stop_token>

namespace satudata::base {

// Thread-safe. One that nobody has requested to stop.
std::stop_source NewStopSource();

}  // namespace satudata::base

#endif  // SERVER_BASE_STOP_H_
