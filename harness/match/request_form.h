// RequestForm: what of a request is compared in a given mode, and its text, which is the same for
// requests that match.
#ifndef PLAYHEAD_MATCH_REQUEST_FORM_H_
#define PLAYHEAD_MATCH_REQUEST_FORM_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "match/canonical.h"
#include "match/json_node.h"
#include "match/match_options.h"

namespace playhead::match {

// A part of the body that is compared.
struct FormPart {
  std::string at;                 // its JSON pointer; empty: the whole body
  std::optional<JsonNode> value;  // none: the body has no such part
};

struct RequestForm {
  std::string method;
  CanonicalTarget target;
  std::vector<FormPart> parts;  // exact: the body; sequence: none; fields: those, in their order
  // Of a recording with masked secrets: what looks like a mask (canonical.h) is one.
  bool redacted = false;

  // Whether the body is compared as JSON.
  bool is_json() const;
  // One text of all of it.
  std::string text() const;
};

// A body that is no JSON is compared whole in mode `fields` too.
RequestForm request_form(std::string_view method, std::string_view target, std::string_view body,
                         const MatchOptions& options);

}  // namespace playhead::match

#endif  // PLAYHEAD_MATCH_REQUEST_FORM_H_
