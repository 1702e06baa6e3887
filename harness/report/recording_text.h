// What is in a recording and what a replay of it did, as text for people and as JSON (DESIGN 6).
#ifndef PLAYHEAD_REPORT_RECORDING_TEXT_H_
#define PLAYHEAD_REPORT_RECORDING_TEXT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/exchange.h"
#include "model/fact.h"
#include "model/frame.h"
#include "recording/recording.h"
#include "transcript/transcript.h"

namespace playhead::report {

// One exchange of `show`: its report, and the facts that inspecting it gave.
struct Shown {
  ExchangeReport report;
  Facts facts;
  std::vector<std::string> frames;                       // each as frame_json() gives it
  std::map<std::string, std::uint64_t> unknown_members;  // path -> how often it came
};

// One element of `frames_list` (DESIGN 6).
std::string frame_json(Instant at, const Frame& frame);

// A recording for people: what it is, then each exchange.
std::string recording_text(const Recording& recording, const std::vector<Shown>& exchanges);

// Every frame of an exchange, a line each.
std::string frames_text(const Shown& shown);

// Appends the object of `show --json`. `with_frames` adds `frames_list` to each exchange.
void write_recording(const Recording& recording, const std::vector<Shown>& exchanges,
                     bool with_frames, JsonWriter& json);

// The transcript's lines and the outcome, for people.
std::string replay_text(const Transcript& transcript);

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_RECORDING_TEXT_H_
