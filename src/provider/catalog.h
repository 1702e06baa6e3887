// The catalog of protocols: one row each, of what a protocol's streams are made of and how they
// end.
#ifndef PLAYHEAD_PROVIDER_CATALOG_H_
#define PLAYHEAD_PROVIDER_CATALOG_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/name_table.h"
#include "model/completion.h"
#include "model/policy.h"
#include "model/protocol.h"
#include "provider/adapter.h"

namespace playhead::provider {

// How a protocol's response bodies are cut into frames.
enum class Framing : std::uint8_t { sse, ndjson, aws_event_stream, json_array };

inline constexpr NameTable<Framing, 4> kFramings = {{
    {Framing::sse, "sse", "server-sent events"},
    {Framing::ndjson, "ndjson", "one JSON document a line"},
    {Framing::aws_event_stream, "aws_event_stream", "binary messages of the AWS event stream"},
    {Framing::json_array, "json_array", "the elements of one JSON array"},
}};
static_assert(covers_enum(kFramings, Framing::json_array));

constexpr std::string_view name_of(Framing framing) { return name_in(kFramings, framing); }

// A provider's word for how a reply ended, as sent, and what it means (WIRE 0).
struct FinishWord {
  std::string_view word;
  FinishReason reason;
};

// The framing of a body that begins (blanks apart) with that byte.
struct OtherFraming {
  char first_byte;
  Framing framing;
};

// What PROTOCOLS.md says of a protocol is checked against these rows.
struct CatalogRow {
  Protocol protocol;
  Framing framing;
  std::optional<OtherFraming> other_framing;
  EndEvidence end_evidence;   // where the policy says by_protocol (SPEC 2); never by_protocol
  std::string_view end_mark;  // name of the protocol's own end of a reply; empty: it has none
  bool object_arguments;      // arguments are objects on the wire: a call without any has {}
  std::string_view usage;     // for people: where token counts stand
  std::string_view errors;    // for people: the forms of an error inside a stream
  std::span<const FinishWord> finish_words;
  std::unique_ptr<Adapter> (*make)();
};

// All rows, in the order of Protocol.
std::span<const CatalogRow> catalog();

// The protocol's row, or nullptr for a protocol without adapter.
const CatalogRow* find_row(Protocol protocol);

// A fresh adapter for one exchange, or nullptr for a protocol without one.
std::unique_ptr<Adapter> make_adapter(Protocol protocol);

// What a finish word means, exact in case. `other` for words and protocols the catalog does not
// know.
FinishReason finish_reason_of(Protocol protocol, std::string_view word);

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_CATALOG_H_
