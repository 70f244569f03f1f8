#include "server/base/backoff.h"

#include <algorithm>
#include <cmath>

namespace satudata::base {

absl::Duration JitteredBackoff(const BackoffOptions& options, int failures, const Uniform& uniform) {
  // Past 2^30 the cap has long been reached; the bound keeps the power finite.
  const int exponent = std::clamp(failures - 1, 0, 30);
  const absl::Duration ceiling =
      std::min(options.maximum, options.initial * std::pow(options.factor, exponent));
  return ceiling * uniform();
}

}  // namespace satudata::base
