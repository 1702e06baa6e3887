// CHECK: the place where a bug of ours stops the program, in release builds too.
// Never for input: malformed streams are anomalies, failing files are a Result.
#ifndef PLAYHEAD_BASE_CHECK_H_
#define PLAYHEAD_BASE_CHECK_H_

namespace playhead {

// Prints "file:line: check failed: condition" to stderr and aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* condition);

}  // namespace playhead

#define PLAYHEAD_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::playhead::check_failed(__FILE__, __LINE__, #condition))

#endif  // PLAYHEAD_BASE_CHECK_H_
