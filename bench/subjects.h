// What is measured: each stage by itself, the whole engine, replay, the parsers.
#ifndef PLAYHEAD_BENCH_SUBJECTS_H_
#define PLAYHEAD_BENCH_SUBJECTS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/baseline.h"
#include "bench/streams.h"
#include "model/exchange.h"

namespace playhead::bench {

// Does the whole data set once. Returns a number made from what came out, so that nothing is
// optimised away; the same on every call.
using Pass = std::function<std::uint64_t()>;

struct Subject {
  std::string name;  // "decode/64_bytes"
  // Whatever is prepared here is not measured. The data set is borrowed.
  std::function<Pass(const DataSet&)> prepare;
  bool every_protocol = false;  // otherwise OpenAI chat alone

  bool fits(const DataSet& set) const {
    return every_protocol || set.protocol == Protocol::openai_chat;
  }
};

// The yardstick as a subject of its own.
Subject baseline();

std::vector<Subject> subjects();

// The message that the engine makes of a stream, one event a read; the text of the yardstick.
ExchangeReport engine_report(const Stream& stream);
Text baseline_text(const Stream& stream);
// The same text as read off the engine's report.
Text text_of(const ExchangeReport& report);

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_SUBJECTS_H_
