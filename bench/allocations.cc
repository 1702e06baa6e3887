#include "bench/allocations.h"

#include <fmt/core.h>

#include "assemble/accumulator.h"
#include "bench/drive.h"
#include "provider/catalog.h"
#include "think/think_scanner.h"
#include "turn/decoders.h"

namespace playhead::bench {
namespace {

// The stages one behind the other, so that each sees what it sees in the engine.
struct Stages {
  std::uint64_t decoder = 0;
  std::uint64_t adapter = 0;
  std::uint64_t accumulator = 0;
  std::uint64_t think = 0;
};

// Reads before the counting begins: by then each buffer has been used, and text grows rarely.
std::size_t warm_reads(const Stream& stream) { return stream.events.size() * 3 / 4; }

template <typename Work>
void count(std::uint64_t& slot, Work&& work) {
  const std::uint64_t before = allocations();
  work();
  slot += allocations() - before;
}

Stages stages_of(const Stream& stream) {
  const auto decoder = turn::make_decoder(*provider::find_row(stream.protocol));
  const auto adapter = provider::make_adapter(stream.protocol);
  assemble::Accumulator accumulator;
  think::ThinkScanner scanner;
  Frame frame;
  std::vector<Delta> deltas;
  std::vector<assemble::Oddity> oddities;
  Stages stages;
  for (std::size_t i = 0; i < stream.events.size(); ++i) {
    if (i == warm_reads(stream)) stages = Stages{};
    bool more = false;
    count(stages.decoder, [&] {
      decoder->feed(stream.events[i]);
      more = decoder->next(frame);
    });
    while (more) {
      deltas.clear();
      count(stages.adapter, [&] { adapter->translate(frame, deltas); });
      for (const Delta& delta : deltas) {
        oddities.clear();
        count(stages.accumulator, [&] { accumulator.apply(delta, oddities); });
        if (delta.kind != DeltaKind::text || delta.choice != 0) continue;
        count(stages.think, [&] { scanner.feed(delta.text); });
      }
      count(stages.decoder, [&] { more = decoder->next(frame); });
    }
  }
  return stages;
}

std::uint64_t engine_of(const Stream& stream) {
  Facts facts = gateway_facts();
  EngineDrive drive(stream.protocol, facts);
  const auto use = [](const Facts&) {};
  drive.start(use);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i + 2 < stream.events.size(); ++i) {  // not the end of the turn
    if (i == warm_reads(stream)) before = allocations();
    drive.read(stream.events[i], use);
  }
  return allocations() - before;
}

}  // namespace

void print_allocations(const std::vector<DataSet>& sets) {
  fmt::print("{:<18} {:>7} {:>8} {:>8} {:>12} {:>6} {:>7}\n", "allocations in", "reads", "decoder",
             "adapter", "accumulator", "think", "engine");
  for (const DataSet& set : sets) {
    if (!set.generated) continue;  // real streams are too short for a steady state
    const Stream& stream = set.streams.front();
    const Stages stages = stages_of(stream);
    fmt::print("{:<18} {:>7} {:>8} {:>8} {:>12} {:>6} {:>7}\n", set.name,
               stream.events.size() - warm_reads(stream), stages.decoder, stages.adapter,
               stages.accumulator, stages.think, engine_of(stream));
  }
}

}  // namespace playhead::bench
