// What is in a recording, as text for people and as JSON (DESIGN 6).
#ifndef PLAYHEAD_REPORT_RECORDING_TEXT_H_
#define PLAYHEAD_REPORT_RECORDING_TEXT_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/exchange.h"
#include "model/fact.h"
#include "model/frame.h"
#include "recording/recording.h"

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

// ---- parts of it that other texts for people have too

// Path, meta and marks of a recording.
std::string recording_head(const Recording& recording);
// "exchange 1: openai-chat, status 200, complete", without a line end.
std::string exchange_head(const ExchangeReport& report);
// "412 in, 50 out"; empty where nothing is known.
std::string usage_line(const Usage& usage);
// Appends "  label      text", printable, with a line end; nothing where there is no text.
void add_line(std::string& out, std::string_view label, std::string_view text);
// The same with the text as a JSON string, shortened.
void add_text(std::string& out, std::string_view label, const std::string& text);

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_RECORDING_TEXT_H_
