// Anthropic Messages: blocks are kept by index, and each piece is read by its own type, so that a
// stream whose blocks are not opened, not closed or opened twice still means what it says.
#include "provider/anthropic_messages.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"
#include "provider/catalog.h"
#include "provider/payload.h"

namespace playhead::provider {
namespace {

// Blocks that are no content of the message (WIRE 5.2).
constexpr std::array<std::string_view, 6> kSilentBlocks = {"redacted_thinking", "compaction",
                                                           "fallback",          "container_upload",
                                                           "mcp_listing",       "mcp_tool_listing"};

// No provider counts beyond it; sums of such counts cannot overflow.
constexpr std::int64_t kCountMax = std::int64_t{1} << 60;

std::int64_t addable(const std::optional<std::int64_t>& count) {
  return std::clamp<std::int64_t>(count.value_or(0), 0, kCountMax);
}

void read_count(const JsonView& value, std::string_view path, std::optional<std::int64_t>& slot,
                std::vector<Delta>& out) {
  if (value.is_null()) return;
  if (!value.is_number()) return wrong_type(path, out);
  slot = value.integer();
}

bool has_members(const JsonView& value) {
  bool any = false;
  value.each_member([&any](std::string_view, const JsonView&) { any = true; });
  return any;
}

Delta& add_piece(DeltaKind kind, std::int64_t key, std::string_view text, std::vector<Delta>& out) {
  Delta& delta = add(kind, out);
  delta.index = key;
  delta.text = text;
  return delta;
}

}  // namespace

struct AnthropicMessages::Event {
  Member type, index, delta, content_block, message, usage;

  explicit Event(const JsonView& root) {
    root.each_member([this](std::string_view name, const JsonView& value) { put(name, value); });
  }

 private:
  void put(std::string_view name, const JsonView& value) {
    switch (name.size()) {
      case 4:
        if (name == "type") type = value;
        return;
      case 5:
        if (name == "index") index = value;
        if (name == "delta") delta = value;
        if (name == "usage") usage = value;
        return;
      case 7:
        if (name == "message") message = value;
        return;
      case 13:
        if (name == "content_block") content_block = value;
        return;
      default: return;
    }
  }
};

void AnthropicMessages::translate(const Frame& frame, Deltas& out) {
  owned_.clear();
  if (frame.kind == FrameKind::comment) return;
  if (over_) return note(Anomaly::data_after_done, own(to_utf8(frame.event), owned_), out);
  if (frame.data.starts_with(kDoneMark)) {
    // Some gateways add OpenAI's end mark. It ends the reply, but is no evidence by itself.
    if (!stop_reason_seen_) return note(Anomaly::unknown_event, kDoneMark, out);
    add(DeltaKind::done, out);
    return;
  }
  const auto root = reader_.read(frame.data);
  if (!root) return read_unparsable(frame, owned_, out);
  if (reader_.repairs().bad_utf8) note(Anomaly::bad_utf8, {}, out);
  if (reader_.repairs().lone_surrogate) note(Anomaly::lone_surrogate, {}, out);
  read_root(frame, *root, out);
}

void AnthropicMessages::read_root(const Frame& frame, const JsonView& root, Deltas& out) {
  const bool unframed = frame.kind == FrameKind::line && frame.event.empty();
  if (root.is_object()) {
    const Event event(root);
    const std::string_view type =
        is_present(event.type) ? text_of(event.type, "type", out) : frame.event;
    if (type == "message") return read_whole_message(root, out);
    if (unframed) note(Anomaly::unframed_json, {}, out);
    if (read_event(type, event, out)) return;
    if (const auto error = error_of(frame, root)) return out.push_back(read_error(*error, owned_));
    return note(Anomaly::unknown_event, own(to_utf8(type), owned_), out);
  }
  if (unframed) note(Anomaly::unframed_json, {}, out);
  if (const auto error = error_of(frame, root)) return out.push_back(read_error(*error, owned_));
  wrong_type("data", out);
}

// Whether the type is one that means something of its own; errors are read by the caller.
bool AnthropicMessages::read_event(std::string_view type, const Event& event, Deltas& out) {
  using Reader = void (AnthropicMessages::*)(const Event&, Deltas&);
  static constexpr std::pair<std::string_view, Reader> kReaders[] = {
      {"content_block_delta", &AnthropicMessages::read_block_delta},
      {"content_block_start", &AnthropicMessages::read_block_start},
      {"content_block_stop", &AnthropicMessages::read_block_stop},
      {"message_start", &AnthropicMessages::read_message_start},
      {"message_delta", &AnthropicMessages::read_message_delta},
      {"message_stop", &AnthropicMessages::read_message_stop},
  };
  for (const auto& [name, reader] : kReaders) {
    if (name != type) continue;
    (this->*reader)(event, out);
    return true;
  }
  return type == "ping";
}

void AnthropicMessages::read_message_start(const Event& event, Deltas& out) {
  if (!is_object(event.message)) {
    started_ = true;
    return wrong_type("message", out);
  }
  const std::string_view id = event.message->text_at("id");
  if (started_ && !id.empty() && !id_.empty() && id != id_) {
    over_ = true;  // another message begins; this one has what it has
    return note(Anomaly::id_changed, id, out);
  }
  read_message(*event.message, out);
}

// A message as the start shows it: usually without content. Deferred tool calls stand in it whole.
void AnthropicMessages::read_message(const JsonView& message, Deltas& out) {
  started_ = true;
  read_start(text_of(message.find("id"), "message.id", out),
             text_of(message.find("model"), "message.model", out), out);
  const Member content = message.find("content");
  if (is_present(content)) {
    if (content->is_string()) {
      add_text(DeltaKind::text, content->text(), out);
    } else if (!content->is_array()) {
      wrong_type("message.content", out);
    }
    std::int64_t index = 0;
    content->each_element([&](const JsonView& block) {
      open_block(index, block, out);
      if (!blocks_.empty() && blocks_.back().index == index) {
        flush(blocks_.back(), out);
        blocks_.back().closed = true;
      }
      ++index;
    });
  }
  read_usage(message.find("usage"), out);
  read_stop_reason(message, out);
}

void AnthropicMessages::read_whole_message(const JsonView& message, Deltas& out) {
  note(Anomaly::not_a_stream, {}, out);
  read_message(message, out);
  over_ = true;
  stopped_ = true;
  if (stop_reason_seen_) add(DeltaKind::done, out);
}

void AnthropicMessages::read_start(std::string_view id, std::string_view model, Deltas& out) {
  const bool id_is_new = !id.empty() && id != id_;
  const bool model_is_new = !model.empty() && model != model_;
  if (!id_is_new && !model_is_new) return;
  if (id_is_new) id_.assign(id);
  if (model_is_new) model_.assign(model);
  Delta& delta = add(DeltaKind::start, out);
  delta.id = id;
  delta.name = model;
}

void AnthropicMessages::read_block_start(const Event& event, Deltas& out) {
  const Count sent = event.index ? event.index->integer() : std::nullopt;
  if (!sent) wrong_type("index", out);
  const auto next = static_cast<std::int64_t>(blocks_.size());
  if (!is_object(event.content_block)) return wrong_type("content_block", out);
  open_block(sent.value_or(next), *event.content_block, out);
}

void AnthropicMessages::open_block(std::int64_t index, const JsonView& content, Deltas& out) {
  const auto known = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                  [index](const Block& block) { return block.index == index; });
  Block* block = known == blocks_.rend() ? nullptr : &*known;
  const bool has_its_pieces_already = block != nullptr && !block->started && !block->closed;
  if (!has_its_pieces_already) block = add_block(index, out);
  if (block == nullptr) return;
  block->started = true;
  read_block_content(*block, content, out);
}

void AnthropicMessages::read_block_content(Block& block, const JsonView& content, Deltas& out) {
  const std::string_view type = content.text_at("type");
  if (type == "text") {
    block.kind = BlockKind::text;
    const std::string_view text = text_of(content.find("text"), "content_block.text", out);
    if (!text.empty()) add_piece(DeltaKind::text, block.key, text, out);
    if (const Member citations = content.find("citations")) {
      citations->each_element(
          [&](const JsonView& citation) { add_citation(block, citation, out); });
    }
  } else if (type == "thinking") {
    block.kind = BlockKind::thinking;
    const std::string_view text = text_of(content.find("thinking"), "content_block.thinking", out);
    if (!text.empty()) add_piece(DeltaKind::reasoning, block.key, text, out);
    block.signature = text_of(content.find("signature"), "content_block.signature", out);
  } else if (type == "tool_use") {
    read_tool_start(block, content, out);
  } else {
    read_other_start(block, type, content, out);
  }
}

void AnthropicMessages::read_tool_start(Block& block, const JsonView& content, Deltas& out) {
  block.kind = BlockKind::tool;
  block.id = text_of(content.find("id"), "content_block.id", out);
  const Member input = content.find("input");
  if (is_present(input)) {
    block.input_is_object = input->is_object();
    if (!input->is_object()) wrong_type("content_block.input", out);
    if (!input->is_object() || has_members(*input)) block.input = scalar_text(input, owned_);
  }
  Delta& delta = add(DeltaKind::tool_call, out);
  delta.index = block.index;
  delta.id = block.id;
  delta.name = text_of(content.find("name"), "content_block.name", out);
}

// Tools that the provider runs, their results, and blocks that are no content.
void AnthropicMessages::read_other_start(Block& block, std::string_view type,
                                         const JsonView& content, Deltas& out) {
  block.kind = BlockKind::silent;
  if (type.ends_with("_tool_use")) {
    block.id = content.text_at("id");
    const bool is_repeated = std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& other) {
      return &other != &block && !block.id.empty() && other.id == block.id;
    });
    if (is_repeated) return;
    Delta& delta = add(DeltaKind::provider_tool, out);
    delta.id = block.id;
    delta.name = text_of(content.find("name"), "content_block.name", out);
  } else if (type.ends_with("tool_result")) {
    const std::string_view id = content.text_at("tool_use_id");
    if (!id.empty()) add(DeltaKind::provider_result, out).id = id;
  } else if (std::find(kSilentBlocks.begin(), kSilentBlocks.end(), type) == kSilentBlocks.end()) {
    block.kind = BlockKind::open_to_all;
    note(Anomaly::unknown_event, type, out);
  }
}

void AnthropicMessages::read_block_delta(const Event& event, Deltas& out) {
  if (!is_object(event.delta)) return wrong_type("delta", out);
  Block* block = find_block(event.index, out);
  const bool is_in_order = block != nullptr && block->started && !block->closed;
  if (block == nullptr) {
    const Count sent = event.index ? event.index->integer() : std::nullopt;
    block = add_block(sent.value_or(0), out);
  }
  if (block == nullptr) return;
  if (!is_in_order && !std::exchange(block->disorder_noted, true)) {
    note(Anomaly::block_out_of_order, own("index " + std::to_string(block->index), owned_), out);
  }
  read_piece(*block, *event.delta, out);
}

void AnthropicMessages::read_piece(Block& block, const JsonView& delta, Deltas& out) {
  const std::string_view type = delta.text_at("type");
  const bool silent = block.kind == BlockKind::silent;
  if (type == "text_delta") {
    const std::string_view text = text_of(delta.find("text"), "delta.text", out);
    if (!silent && !text.empty()) add_piece(DeltaKind::text, block.key, text, out);
  } else if (type == "input_json_delta") {
    if (!silent) read_arguments(block, delta.find("partial_json"), out);
  } else if (type == "thinking_delta") {
    const std::string_view text = text_of(delta.find("thinking"), "delta.thinking", out);
    if (!silent && !text.empty()) add_piece(DeltaKind::reasoning, block.key, text, out);
  } else if (type == "signature_delta") {
    const std::string_view text = text_of(delta.find("signature"), "delta.signature", out);
    if (!text.empty()) block.signature = text;
  } else if (type == "citations_delta") {
    if (const Member citation = delta.find("citation")) add_citation(block, *citation, out);
  } else if (type != "compaction_delta") {
    note(Anomaly::unknown_event, type, out);
  }
}

void AnthropicMessages::read_arguments(Block& block, const Member& piece, Deltas& out) {
  if (!is_present(piece)) return;
  const bool is_text = piece->is_string();
  if (!is_text) note(Anomaly::tool_arguments_not_text, {}, out);
  const std::string_view text = scalar_text(piece, owned_);
  if (text.empty()) return;
  block.has_arguments = true;
  Delta& delta = add(DeltaKind::tool_call, out);
  delta.index = block.index;
  delta.id = block.id;
  delta.text = text;
  delta.tool_has_arguments = true;
  delta.tool_arguments_object = !is_text;
}

void AnthropicMessages::read_block_stop(const Event& event, Deltas& out) {
  Block* const block = find_block(event.index, out);
  if (block == nullptr || block->closed) {
    return note(Anomaly::block_out_of_order, "content_block_stop", out);
  }
  flush(*block, out);
  block->closed = true;
}

void AnthropicMessages::read_message_delta(const Event& event, Deltas& out) {
  read_usage(event.usage, out);
  if (is_object(event.delta)) {
    read_stop_reason(*event.delta, out);
  } else if (is_present(event.delta)) {
    wrong_type("delta", out);
  }
}

// `holder` has the members stop_reason and stop_details: a message or its delta.
void AnthropicMessages::read_stop_reason(const JsonView& holder, Deltas& out) {
  const Member reason = holder.find("stop_reason");
  if (!is_present(reason)) return;
  if (!reason->is_string()) wrong_type("stop_reason", out);
  const std::string_view word = scalar_text(reason, owned_);
  if (word.empty()) return;
  for (Block& block : blocks_) flush(block, out);  // of blocks that are never closed
  if (const Member details = holder.find("stop_details")) {
    add_text(DeltaKind::refusal, details->text_at("explanation"), out);
  }
  Delta& delta = add(DeltaKind::finish, out);
  delta.text = word;
  delta.finish = finish_reason_of(Protocol::anthropic_messages, word);
  stop_reason_seen_ = true;
}

// Counts are cumulative: what is there overwrites. input_tokens leaves out the cached ones.
void AnthropicMessages::read_usage(const Member& value, Deltas& out) {
  if (!is_present(value)) return;
  if (!value->is_object()) return wrong_type("usage", out);
  Usage usage;
  Count input, cache_read, cache_creation;
  value->each_member([&](std::string_view name, const JsonView& count) {
    if (name == "input_tokens") {
      read_count(count, "usage.input_tokens", input, out);
    } else if (name == "output_tokens") {
      read_count(count, "usage.output_tokens", usage.output_tokens, out);
    } else if (name == "cache_read_input_tokens") {
      read_count(count, "usage.cache_read_input_tokens", cache_read, out);
    } else if (name == "cache_creation_input_tokens") {
      read_count(count, "usage.cache_creation_input_tokens", cache_creation, out);
    } else if (name == "output_tokens_details") {
      if (const Member thinking = count.find("thinking_tokens")) {
        read_count(*thinking, "usage.output_tokens_details.thinking_tokens", usage.reasoning_tokens,
                   out);
      }
    }
  });
  const bool all_zero = input.value_or(0) == 0 && cache_read.value_or(0) == 0 &&
                        cache_creation.value_or(0) == 0 && usage.output_tokens.value_or(0) == 0 &&
                        usage.reasoning_tokens.value_or(0) == 0;
  if (all_zero) return;
  if (input) input_ = input;
  if (cache_read) cache_read_ = cache_read;
  if (cache_creation) cache_creation_ = cache_creation;
  if (input || cache_read || cache_creation) {
    usage.input_tokens = addable(input_) + addable(cache_read_) + addable(cache_creation_);
  }
  usage.cached_input_tokens = cache_read;
  add(DeltaKind::usage, out).usage = usage;
}

void AnthropicMessages::read_message_stop(const Event&, Deltas& out) {
  for (Block& block : blocks_) flush(block, out);
  note_open_blocks(out);
  add(DeltaKind::done, out);
  stopped_ = true;
  over_ = true;
}

void AnthropicMessages::finish(Deltas& out) {
  owned_.clear();
  if (stopped_ || !stop_reason_seen_) return;
  note_open_blocks(out);
  note(Anomaly::end_mark_missing, "message_stop", out);
}

void AnthropicMessages::add_citation(const Block& block, const JsonView& citation, Deltas& out) {
  if (block.kind == BlockKind::silent || citation.is_null()) return;
  add_piece(DeltaKind::annotation, block.key, own(citation.json(), owned_), out);
}

// What counts only when nothing better came until the block's end.
void AnthropicMessages::flush(Block& block, Deltas& out) {
  if (std::exchange(block.flushed, true)) return;
  if (block.kind == BlockKind::tool && !block.has_arguments && !block.input.empty()) {
    Delta& delta = add(DeltaKind::tool_call, out);
    delta.index = block.index;
    delta.id = block.id;
    delta.text = block.input;
    delta.tool_has_arguments = true;
    delta.tool_arguments_object = block.input_is_object;
  }
  if (block.kind != BlockKind::silent && !block.signature.empty()) {
    add_piece(DeltaKind::signature, block.key, block.signature, out);
  }
}

void AnthropicMessages::note_open_blocks(Deltas& out) {
  for (const Block& block : blocks_) {
    if (block.closed) continue;
    note(Anomaly::block_not_closed, own("index " + std::to_string(block.index), owned_), out);
  }
}

// The block of that index that was opened last; without an index the last of all.
AnthropicMessages::Block* AnthropicMessages::find_block(const Member& index, Deltas& out) {
  const Count sent = index ? index->integer() : std::nullopt;
  if (!sent) {
    wrong_type("index", out);
    return blocks_.empty() ? nullptr : &blocks_.back();
  }
  const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                  [&](const Block& block) { return block.index == *sent; });
  return found == blocks_.rend() ? nullptr : &*found;
}

AnthropicMessages::Block* AnthropicMessages::add_block(std::int64_t index, Deltas& out) {
  if (blocks_.size() >= kAnthropicBlocksMax) {
    if (!std::exchange(limit_noted_, true)) note(Anomaly::tool_limit, "content block", out);
    return nullptr;
  }
  Block& block = blocks_.emplace_back();
  block.key = static_cast<std::int64_t>(blocks_.size());
  block.index = index;
  return &block;
}

}  // namespace playhead::provider
