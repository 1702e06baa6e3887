#include "own_engine.h"

#include <string_view>
#include <utility>

namespace consumer {
namespace {

using playhead::Fact;
using playhead::FactKind;
using playhead::InputKind;

// The text of member `name` of a JSON payload; no escapes, which is enough for the cases here.
std::string_view text_member(std::string_view payload, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const std::size_t begin = payload.find(key);
  if (begin == std::string_view::npos) return {};
  payload.remove_prefix(begin + key.size());
  return payload.substr(0, payload.find('"'));
}

}  // namespace

void OwnEngine::step(const playhead::Input& input, playhead::Facts& facts) {
  switch (input.kind) {
    case InputKind::start: {
      Fact request;
      request.at = input.at;
      request.kind = FactKind::request;
      request.exchange = 1;
      request.name = "first";
      request.text = "{}";
      facts.add(request);
      break;
    }
    case InputKind::chunk:
      for (const char c : input.bytes) {
        if (c != '\n') {
          pending_.push_back(c);
          continue;
        }
        take_line(pending_);
        pending_.clear();
      }
      break;
    case InputKind::end: finish(input.at, facts); break;
    case InputKind::response:
    case InputKind::recording_exhausted:
    case InputKind::tool_result:
    case InputKind::client_closed:
    case InputKind::timer: break;
  }
}

void OwnEngine::take_line(const std::string& line) {
  if (line.starts_with("data: ")) content_ += text_member(line, "content");
  if (line.find("\"finish_reason\":\"stop\"") != std::string::npos) done_ = true;
}

void OwnEngine::finish(playhead::Instant at, playhead::Facts& facts) {
  playhead::ExchangeReport report;
  report.index = 1;
  report.status = 200;
  report.choices.emplace_back();
  report.choices[0].message.content = content_;
  report.choices[0].message.visible = content_;
  facts.add_exchange(at, std::move(report));
  playhead::Outcome outcome;
  outcome.completed = done_;
  outcome.failed = !done_;
  outcome.final_response = content_;
  outcome.api_calls = 1;
  facts.add_outcome(at, std::move(outcome));
}

}  // namespace consumer
