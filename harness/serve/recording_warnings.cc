#include "serve/recording_warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "net/http_head.h"
#include "recording/record.h"
#include "recording/redaction_note.h"
#include "serve/control_page.h"

namespace playhead::serve {
namespace {

// What a file, which may hold several recordings, has not whole.
struct Missing {
  bool is_cut = false;         // inside a record
  bool is_unfinished = false;  // its recorder did not come to that
  std::size_t endless = 0;     // exchanges
  std::size_t capped = 0;
  std::size_t stopped = 0;
  std::size_t masked_bodies = 0;  // whole
};

// The stream of a case ends as its author wrote.
bool is_stream_of_case(const RecordedExchange& exchange) {
  return exchange.method.empty() && exchange.target.empty();
}

void add(const Recording& recording, Missing& missing) {
  bool has_endless = false;
  for (const RecordedExchange& exchange : recording.exchanges) {
    has_endless = has_endless || exchange.end.reason == EndReason::torn;
    if (is_stream_of_case(exchange)) continue;
    missing.endless += exchange.end.reason == EndReason::torn;
    missing.capped += exchange.end.reason == EndReason::size_cap;
    missing.stopped += exchange.end.reason == EndReason::recorder_stopped;
  }
  missing.is_cut = missing.is_cut || (recording.torn && !has_endless);
  const recording::RedactionSummary note = recording::redaction_summary(recording.meta);
  missing.is_unfinished = missing.is_unfinished || note.is_unfinished;
  missing.masked_bodies +=
      static_cast<std::size_t>(std::max<std::int64_t>(note.bodies_masked_whole, 0));
}

std::string text_of(const Missing& missing) {
  std::string text;
  const auto say = [&text](std::string_view part) {
    text.append(text.empty() ? "" : ", ").append(part);
  };
  const auto count = [&say](std::size_t n, std::string_view one, std::string_view several,
                            std::string_view what) {
    if (n > 0) say(fmt::format("{} {} {}", n, n == 1 ? one : several, what));
  };
  const auto exchanges = [&count](std::size_t n, std::string_view what) {
    count(n, "exchange", "exchanges", what);
  };
  if (missing.is_unfinished) say("its recorder was killed or still runs");
  if (missing.is_cut) say("it stops inside a record");
  exchanges(missing.endless, "without an end");
  exchanges(missing.capped, "cut at a size limit");
  exchanges(missing.stopped, "cut when the recorder was stopped");
  count(missing.masked_bodies, "body", "bodies", "masked whole, because it could not be searched");
  return text;
}

void warn_of_missing(const std::vector<Recording>& recordings, std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < recordings.size();) {
    const std::string& path = recordings[i].path;
    Missing missing;
    while (i < recordings.size() && recordings[i].path == path) add(recordings[i++], missing);
    const std::string text = text_of(missing);
    if (!text.empty()) lines.push_back(fmt::format("warning: {} is incomplete: {}", path, text));
  }
}

void warn_of_shadowed(const std::vector<Recording>& recordings, std::vector<std::string>& lines) {
  std::size_t shadowed = 0;
  std::string first;
  for (const Recording& recording : recordings) {
    for (const RecordedExchange& exchange : recording.exchanges) {
      if (!is_control(exchange.target) || ++shadowed > 1) continue;
      first = fmt::format("exchange {} of {}", exchange.index, recording.path);
    }
  }
  if (shadowed == 0) return;
  const std::string more = shadowed > 1 ? fmt::format(" and {} more", shadowed - 1) : "";
  lines.push_back(fmt::format("warning: {}{} cannot be asked for: {} is the control page", first,
                              more, kControlPath));
}

void warn_of_headers(const std::vector<Recording>& recordings, std::vector<std::string>& lines) {
  for (const Recording& recording : recordings) {
    for (const RecordedExchange& exchange : recording.exchanges) {
      for (const Header& header : exchange.response_headers) {
        if (net::is_safe(header)) continue;
        lines.push_back(
            fmt::format("{}: exchange {}: the header {} is left out: it is no header of HTTP",
                        recording.path, exchange.index, recording::shown(header.first)));
      }
    }
  }
}

}  // namespace

std::vector<std::string> recording_warnings(const std::vector<Recording>& recordings) {
  std::vector<std::string> lines;
  warn_of_missing(recordings, lines);
  warn_of_shadowed(recordings, lines);
  warn_of_headers(recordings, lines);
  return lines;
}

}  // namespace playhead::serve
