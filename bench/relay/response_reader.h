// The least of HTTP/1.1 that a client needs: a status line, and a chunked body.
#ifndef PLAYHEAD_BENCH_RELAY_RESPONSE_READER_H_
#define PLAYHEAD_BENCH_RELAY_RESPONSE_READER_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace playhead::bench {

// Reads one response, in pieces of any size. Allocates nothing once the head is read.
class ResponseReader {
 public:
  // Calls on_body(bytes) for what is in the chunks.
  template <typename OnBody>
  void feed(std::string_view bytes, const OnBody& on_body) {
    while (!bytes.empty() && !ended_ && !failed_) {
      if (part_ == Part::data) {
        const std::string_view data = bytes.substr(0, left_);
        bytes.remove_prefix(data.size());
        left_ -= data.size();
        if (left_ == 0) part_ = Part::behind_data;
        on_body(data);
      } else {
        step(bytes.front());
        bytes.remove_prefix(1);
      }
    }
    if (!bytes.empty()) failed_ = true;
  }

  bool has_head() const { return part_ != Part::head; }
  // The last chunk has come.
  bool ended() const { return ended_; }
  // Not 200, not chunked, or no HTTP.
  bool failed() const { return failed_; }

 private:
  enum class Part { head, size, extension, data, behind_data, end };

  void step(char byte);
  void head_step(char byte);
  void size_step(char byte);
  void end_step(char byte);

  std::string head_;
  Part part_ = Part::head;
  std::size_t left_ = 0;  // of a chunk; while its size is read, that size so far
  std::size_t line_ = 0;  // bytes of a line behind the last chunk
  bool ended_ = false;
  bool failed_ = false;
};

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_RELAY_RESPONSE_READER_H_
