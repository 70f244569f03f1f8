#include "server/base/stop.h"

namespace satudata::base {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
std::stop_source NewStopSource() { return std::stop_source(); }
#pragma GCC diagnostic pop

}  // namespace satudata::base
