// Result<T>: a value, or the message of an operating failure (file, port, bad argument).
// Oddities of a stream are never a Result: they are anomalies.
#ifndef PLAYHEAD_BASE_RESULT_H_
#define PLAYHEAD_BASE_RESULT_H_

#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace playhead {

// What failed, where, and what to do about it. Lower case, no full stop.
struct Error {
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // The value. CHECKs that there is one.
  T& value() & {
    PLAYHEAD_CHECK(ok());
    return std::get<0>(state_);
  }
  const T& value() const& {
    PLAYHEAD_CHECK(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    PLAYHEAD_CHECK(ok());
    return std::get<0>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // The failure. CHECKs that there is one.
  const Error& error() const {
    PLAYHEAD_CHECK(!ok());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

// A Result without a value: success, or the failure.
struct Done {};
using Status = Result<Done>;

}  // namespace playhead

#endif  // PLAYHEAD_BASE_RESULT_H_
