#include "server/base/stop.h"

namespace satudata::base {

#pragma GCC diagnostic push
#ifndef __clang__  // Which does not know it.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
std::stop_source NewStopSource() { return std::stop_source(); }
#pragma GCC diagnostic pop

}  // namespace satudata::base
