// ConverseStream: blocks of text and reasoning open with their first piece, those of tools by name.
#include "provider/bedrock_converse.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "provider/bedrock_payload.h"
#include "provider/catalog.h"
#include "provider/deltas.h"

namespace playhead::provider {
namespace {

// The index of the event's block; one that is missing or no number is 0.
std::int64_t block_index(const JsonView& event, std::vector<Delta>& out) {
  const Member index = event.find("contentBlockIndex");
  if (!index || !index->is_number()) wrong_type("contentBlockIndex", out);
  return index ? index->integer().value_or(0) : 0;
}

void add_piece(DeltaKind kind, std::int64_t index, std::string_view text, std::vector<Delta>& out) {
  if (add_text(kind, text, out)) out.back().index = index;
}

}  // namespace

void BedrockConverse::translate(const Frame& frame, Deltas& out) {
  owned_.clear();
  if (frame.kind == FrameKind::comment) return;
  if (read_bedrock_failure(frame, reader_, owned_, out)) return;
  const auto root = read_bedrock_object(frame.data, reader_, owned_, out);
  if (!root || read_event(frame.event, *root, out) || read_wrapped(*root, out)) return;
  if (frame.event.empty() && read_bedrock_document(*root, out)) return;
  const std::string_view what = frame.event.empty() ? frame.data : frame.event;
  note(Anomaly::unknown_event, own(quoted(what), owned_), out);
}

void BedrockConverse::finish(Deltas& out) {
  if (finish_seen_ && !metadata_seen_) note(Anomaly::end_mark_missing, "metadata", out);
}

// Whether the name is one that we know.
bool BedrockConverse::read_event(std::string_view name, const JsonView& event, Deltas& out) {
  using Reader = void (BedrockConverse::*)(const JsonView&, Deltas&);
  static constexpr std::pair<std::string_view, Reader> kReaders[] = {
      {"contentBlockDelta", &BedrockConverse::read_block_delta},
      {"contentBlockStart", &BedrockConverse::read_block_start},
      {"contentBlockStop", &BedrockConverse::read_block_stop},
      {"messageStart", &BedrockConverse::read_message_start},
      {"messageStop", &BedrockConverse::read_message_stop},
      {"metadata", &BedrockConverse::read_metadata},
  };
  for (const auto& [known, reader] : kReaders) {
    if (known != name) continue;
    (this->*reader)(event, out);
    return true;
  }
  return false;
}

// Whether the document names an event or an exception itself.
bool BedrockConverse::read_wrapped(const JsonView& root, Deltas& out) {
  bool any = false;
  root.each_member([&](std::string_view name, const JsonView& value) {
    if (!value.is_object()) return;
    if (name.ends_with("Exception")) {
      add_bedrock_exception(name, value, owned_, out);
      any = true;
    } else {
      any |= read_event(name, value, out);
    }
  });
  return any;
}

// It says that an assistant speaks, and nothing else.
void BedrockConverse::read_message_start(const JsonView& event, Deltas& out) {
  text_of(event.find("role"), "role", out);
}

void BedrockConverse::read_block_start(const JsonView& event, Deltas& out) {
  Block block;
  block.index = block_index(event, out);
  const Member start = event.find("start");
  if (is_present(start) && !start->is_object()) wrong_type("start", out);
  if (!is_object(start)) return open_block(block);
  if (const Member tool = start->find("toolUse")) return read_tool_start(block, *tool, out);
  if (const Member result = start->find("toolResult")) {
    const std::string_view id = result->text_at("toolUseId");
    if (!id.empty()) add(DeltaKind::provider_result, out).id = id;
  }
  block.silent = true;  // a result, an image, or something we do not know
  open_block(block);
}

void BedrockConverse::read_tool_start(Block block, const JsonView& tool, Deltas& out) {
  if (!tool.is_object()) wrong_type("start.toolUse", out);
  block.silent = tool.text_at("type") == "server_tool_use";
  open_block(block);
  Delta delta;
  delta.kind = block.silent ? DeltaKind::provider_tool : DeltaKind::tool_call;
  delta.index = block.index;
  delta.id = text_of(tool.find("toolUseId"), "start.toolUse.toolUseId", out);
  delta.name = text_of(tool.find("name"), "start.toolUse.name", out);
  out.push_back(delta);
}

void BedrockConverse::read_block_delta(const JsonView& event, Deltas& out) {
  const std::int64_t index = block_index(event, out);
  const Member delta = event.find("delta");
  if (!is_object(delta)) return wrong_type("delta", out);
  delta->each_member([&](std::string_view name, const JsonView& piece) {
    if (!piece.is_null()) read_piece(index, name, piece, out);
  });
}

void BedrockConverse::read_piece(std::int64_t index, std::string_view name, const JsonView& piece,
                                 Deltas& out) {
  if (name == "toolUse") return read_arguments(index, piece, out);
  if (find_block(index) == nullptr) open_block({index});
  if (name == "text") {
    add_piece(DeltaKind::text, index, text_of(piece, "delta.text", out), out);
  } else if (name == "reasoningContent") {
    read_reasoning(index, piece, out);
  } else if (name == "citation") {
    add_piece(DeltaKind::annotation, index, own(piece.json(), owned_), out);
  } else if (name != "toolResult" && name != "image") {
    note(Anomaly::unknown_event, own(to_utf8(name), owned_), out);
  }
}

// Redacted reasoning is for the provider alone.
void BedrockConverse::read_reasoning(std::int64_t index, const JsonView& reasoning, Deltas& out) {
  if (!reasoning.is_object()) return wrong_type("delta.reasoningContent", out);
  reasoning.each_member([&](std::string_view name, const JsonView& value) {
    if (name == "text") {
      const auto text = text_of(value, "delta.reasoningContent.text", out);
      add_piece(DeltaKind::reasoning, index, text, out);
    } else if (name == "signature") {
      const auto text = text_of(value, "delta.reasoningContent.signature", out);
      add_piece(DeltaKind::signature, index, text, out);
    }
  });
}

void BedrockConverse::read_arguments(std::int64_t index, const JsonView& tool, Deltas& out) {
  const Block* const block = find_block(index);
  if (block != nullptr && block->silent) return;
  if (block == nullptr) {
    note(Anomaly::block_out_of_order, own("index " + std::to_string(index), owned_), out);
    open_block({index});
  }
  if (!tool.is_object()) return wrong_type("delta.toolUse", out);
  const Member input = tool.find("input");
  if (!is_present(input)) return;
  if (!input->is_string()) note(Anomaly::tool_arguments_not_text, {}, out);
  const std::string_view text = scalar_text(input, owned_);
  if (text.empty()) return;
  Delta& delta = add(DeltaKind::tool_call, out);
  delta.index = index;
  delta.text = text;
  delta.tool_has_arguments = true;
  delta.tool_arguments_object = !input->is_string();
}

// A block that was never open was an empty one.
void BedrockConverse::read_block_stop(const JsonView& event, Deltas& out) {
  const std::int64_t index = block_index(event, out);
  std::erase_if(open_, [index](const Block& block) { return block.index == index; });
}

void BedrockConverse::read_message_stop(const JsonView& event, Deltas& out) {
  for (const Block& block : std::exchange(open_, {})) {
    note(Anomaly::block_not_closed, own("index " + std::to_string(block.index), owned_), out);
  }
  const std::string_view word = text_of(event.find("stopReason"), "stopReason", out);
  if (add_text(DeltaKind::finish, word, out)) {
    out.back().finish = finish_reason_of(Protocol::bedrock_converse, word);
    finish_seen_ = true;
  }
  stopped_ = true;
  if (metadata_seen_) add(DeltaKind::done, out);
}

void BedrockConverse::read_metadata(const JsonView& event, Deltas& out) {
  metadata_seen_ = true;
  const Member counts = event.find("usage");
  if (is_present(counts)) {
    if (!counts->is_object()) wrong_type("usage", out);
    BedrockCounts reading;
    reading.read(*counts);
    const Usage usage = reading.usage();
    if (!usage.empty()) add(DeltaKind::usage, out).usage = usage;
  }
  if (stopped_) add(DeltaKind::done, out);
}

BedrockConverse::Block* BedrockConverse::find_block(std::int64_t index) {
  const auto block = std::find_if(open_.begin(), open_.end(),
                                  [index](const Block& known) { return known.index == index; });
  return block == open_.end() ? nullptr : &*block;
}

void BedrockConverse::open_block(Block block) {
  if (Block* const known = find_block(block.index)) {
    *known = block;
  } else if (open_.size() < kConverseBlocksMax) {
    open_.push_back(block);
  }
}

}  // namespace playhead::provider
