// Prototypes that choose the parser behind base/json_view.h: the yardstick's work, each parser its
// own way.
#ifndef PLAYHEAD_BENCH_PARSERS_H_
#define PLAYHEAD_BENCH_PARSERS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/baseline.h"

namespace playhead::bench {

// Appends the text of one payload. Payloads are borrowed, so a parser that writes into its input or
// wants padding behind it copies first, and that counts.
using Extract = std::function<void(std::string_view payload, Text& text)>;

struct Parser {
  std::string name;
  std::function<Extract()> make;
};

// json/rapidjson_dom, json/rapidjson_insitu_sax, json/simdjson_dom (the seam),
// json/simdjson_ondemand.
std::vector<Parser> parsers();

// base/json_view.h over a payload, reading nothing of it: what no adapter can go below. Returns the
// size of the payload, 0 where it is no JSON.
std::function<std::size_t(std::string_view payload)> parse_only();

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_PARSERS_H_
