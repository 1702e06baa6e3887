// Token counts in OpenAI's form, with the names that its imitators gave them (WIRE 2.5, small
// decisions; SPEC 2).
#ifndef PLAYHEAD_PROVIDER_OPENAI_USAGE_H_
#define PLAYHEAD_PROVIDER_OPENAI_USAGE_H_

#include <string_view>

#include "base/json_view.h"
#include "model/usage.h"

namespace playhead::provider {

struct UsageReading {
  Usage usage;                  // empty where all counts are zero or missing
  std::string_view wrong_type;  // the first member that is no number, a literal; empty if none
};

// Reads a `usage` object. Other values read as nothing, null without complaint.
UsageReading read_openai_usage(const JsonView& value);

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_OPENAI_USAGE_H_
