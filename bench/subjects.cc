#include "bench/subjects.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>

#include "assemble/accumulator.h"
#include "bench/drive.h"
#include "bench/file_bench.h"
#include "bench/parsers.h"
#include "provider/catalog.h"
#include "replay/replayer.h"
#include "think/think_scanner.h"
#include "turn/decoders.h"

namespace playhead::bench {
namespace {

using Reads = std::vector<std::string_view>;

Reads cut_every(std::string_view body, std::size_t size) {
  Reads reads;
  for (; !body.empty(); body.remove_prefix(std::min(size, body.size()))) {
    reads.push_back(body.substr(0, size));
  }
  return reads;
}

// The reads of each stream: `size` bytes each, or one event each where it is 0.
std::vector<Reads> reads_of(const DataSet& set, std::size_t size) {
  std::vector<Reads> all;
  for (const Stream& stream : set.streams) {
    all.push_back(size == 0 ? stream.events : cut_every(stream.body, size));
  }
  return all;
}

Pass decode(const DataSet& set, std::size_t size) {
  return [row = provider::find_row(set.protocol), streams = reads_of(set, size)] {
    std::uint64_t sum = 0;
    for (const Reads& reads : streams) {
      const auto decoder = turn::make_decoder(*row);
      Frame frame;
      for (const std::string_view read : reads) {
        decoder->feed(read);
        while (decoder->next(frame)) sum += frame.data.size();
      }
    }
    return sum;
  };
}

Pass adapter(const DataSet& set) {
  return [&set] {
    std::uint64_t sum = 0;
    std::vector<Delta> deltas;
    for (const Stream& stream : set.streams) {
      const auto adapter = provider::make_adapter(stream.protocol);
      for (const Frame& frame : stream.frames) {
        deltas.clear();
        adapter->translate(frame, deltas);
        for (const Delta& delta : deltas) sum += delta.text.size();
      }
    }
    return sum;
  };
}

// The deltas of a data set, by stream, with text of their own.
struct OwnedDeltas {
  std::vector<std::vector<Delta>> streams;
  std::deque<std::string> texts;
};

std::shared_ptr<OwnedDeltas> deltas_of(const DataSet& set) {
  auto owned = std::make_shared<OwnedDeltas>();
  const auto own = [&owned](std::string_view& text) { text = owned->texts.emplace_back(text); };
  for (const Stream& stream : set.streams) {
    const auto adapter = provider::make_adapter(stream.protocol);
    std::vector<Delta>& all = owned->streams.emplace_back();
    std::vector<Delta> deltas;
    for (const Frame& frame : stream.frames) {
      deltas.clear();
      adapter->translate(frame, deltas);
      for (Delta& delta : deltas) {
        own(delta.text);
        own(delta.id);
        own(delta.name);
        own(delta.type);
        all.push_back(delta);
      }
    }
  }
  return owned;
}

Pass accumulate(const DataSet& set) {
  return [owned = deltas_of(set)] {
    std::uint64_t sum = 0;
    std::vector<assemble::Oddity> oddities;
    for (const std::vector<Delta>& deltas : owned->streams) {
      assemble::Accumulator accumulator;
      for (const Delta& delta : deltas) {
        oddities.clear();
        accumulator.apply(delta, oddities);
      }
      sum += accumulator.choices().front().message.content.size();
    }
    return sum;
  };
}

Pass think(const DataSet& set) {
  return [owned = deltas_of(set)] {
    std::uint64_t sum = 0;
    for (const std::vector<Delta>& deltas : owned->streams) {
      think::ThinkScanner scanner;
      for (const Delta& delta : deltas) {
        if (delta.kind != DeltaKind::text || delta.choice != 0) continue;
        scanner.feed(delta.text);
        sum += scanner.visible().size();
      }
    }
    return sum;
  };
}

Pass engine(const DataSet& set, std::size_t size) {
  return [protocol = set.protocol, streams = reads_of(set, size)] {
    std::uint64_t sum = 0;
    Facts facts = gateway_facts();
    const auto use = [&sum](const Facts& list) {
      for (std::size_t i = 0; i < list.size(); ++i) sum += list[i].text.size();
    };
    for (const Reads& reads : streams) {
      EngineDrive drive(protocol, facts);
      drive.start(use);
      for (const std::string_view read : reads) drive.read(read, use);
      drive.end(use);
    }
    return sum;
  };
}

Pass replay_all_facts(const DataSet& set) {
  auto recordings = std::make_shared<std::vector<Recording>>();
  for (const Stream& stream : set.streams) recordings->push_back(recording_of(stream));
  return [protocol = set.protocol, recordings] {
    std::uint64_t sum = 0;
    replay::Plan plan;
    plan.request = request(protocol);
    for (const Recording& recording : *recordings) {
      sum += replay::replay(recording, plan).facts.size();
    }
    return sum;
  };
}

Pass parse(const DataSet& set, const Parser& parser) {
  return [&set, extract = parser.make()] {
    std::uint64_t sum = 0;
    Text text;
    for (const Stream& stream : set.streams) {
      text.clear();
      for (const Frame& frame : stream.frames) extract(frame.data, text);
      sum += text.content.size() + text.arguments.size();
    }
    return sum;
  };
}

Pass parse_alone(const DataSet& set) {
  return [&set, parse = parse_only()] {
    std::uint64_t sum = 0;
    for (const Stream& stream : set.streams) {
      for (const Frame& frame : stream.frames) sum += parse(frame.data);
    }
    return sum;
  };
}

}  // namespace

Subject baseline() {
  return {"baseline",
          [](const DataSet& set) -> Pass {
            return [&set, extractor = std::make_shared<DomExtractor>(set.protocol)] {
              std::uint64_t sum = 0;
              Text text;
              for (const Stream& stream : set.streams) {
                text.clear();
                for (const Frame& frame : stream.frames) extractor->extract(frame.data, text);
                sum += text.content.size() + text.arguments.size();
              }
              return sum;
            };
          },
          true};
}

std::vector<Subject> subjects() {
  constexpr std::size_t kLargeRead = 16 * 1024;
  const auto with_reads = [](Pass (*make)(const DataSet&, std::size_t), std::size_t size) {
    return [make, size](const DataSet& set) { return make(set, size); };
  };
  std::vector<Subject> all = {
      {"decode/64_bytes", with_reads(decode, 64), true},
      {"decode/event", with_reads(decode, 0), true},
      {"decode/16_kib", with_reads(decode, kLargeRead), true},
      {"adapter", adapter, true},
      {"accumulate", accumulate},
      {"json/parse_only", parse_alone, true},
      {"think", think},
      {"engine/event", with_reads(engine, 0), true},
      {"engine/16_kib", with_reads(engine, kLargeRead), true},
      {"replay", replay_all_facts},
      {"read_rec", [](const DataSet& set) { return read_file(set, false); }},
      {"read_rec_zst", [](const DataSet& set) { return read_file(set, true); }},
  };
  for (const Parser& parser : parsers()) {
    all.push_back({parser.name, [parser](const DataSet& set) { return parse(set, parser); }});
  }
  return all;
}

ExchangeReport engine_report(const Stream& stream) {
  ExchangeReport report;
  Facts facts = gateway_facts();
  const auto use = [&report](const Facts& list) {
    if (!list.exchanges().empty()) report = list.exchanges().back();
  };
  EngineDrive drive(stream.protocol, facts);
  drive.start(use);
  for (const std::string_view read : stream.events) drive.read(read, use);
  drive.end(use);
  return report;
}

Text baseline_text(const Stream& stream) {
  Text text;
  DomExtractor extractor(stream.protocol);
  for (const Frame& frame : stream.frames) extractor.extract(frame.data, text);
  return text;
}

Text text_of(const ExchangeReport& report) {
  Text text;
  if (report.choices.empty()) return text;
  const Message& message = report.choices.front().message;
  text.content = message.content;
  for (const ToolCall& call : message.tool_calls) text.arguments += call.arguments;
  return text;
}

}  // namespace playhead::bench
