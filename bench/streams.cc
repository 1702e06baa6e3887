#include "bench/streams.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/json.h"
#include "base/prng.h"
#include "bench/scripts.h"
#include "bench/tokens.h"
#include "provider/catalog.h"
#include "turn/decoders.h"

namespace playhead::bench {
namespace {

constexpr std::string_view kDone = "[DONE]";

constexpr std::array<std::string_view, 8> kCodeTokens = {"`",  "`x`", "\n```cpp\n", "\n```\n",
                                                         " <", "> ",  "*",          "    "};

// Frames of one stream, as OpenAI writes them.
class StreamWriter {
 public:
  StreamWriter(Prng& random, bool obfuscated) : random_(random), obfuscated_(obfuscated) {
    head_ = "data: {\"id\":\"chatcmpl-" + letters(29) +
            "\",\"object\":\"chat.completion.chunk\",\"created\":1755439106,"
            "\"model\":\"gpt-4.1-mini-2025-04-14\",\"service_tier\":\"default\","
            "\"system_fingerprint\":\"fp_658b958c37\",\"choices\":[{\"index\":0,\"delta\":";
    frame(R"({"role":"assistant","content":"","refusal":null})");
  }

  void content(std::string_view piece) {
    std::string delta = "{\"content\":";
    append_json_string(piece, delta);
    frame(delta + "}", piece.size());
  }

  void call(int index, std::string_view name) {
    JsonWriter json;
    json.begin_object().key("tool_calls").begin_array().begin_object();
    json.key("index").number(index).key("id").string("call_" + letters(24));
    json.key("type").string("function").key("function").begin_object();
    json.key("name").string(name).key("arguments").string("");
    frame(json.end_object().end_object().end_array().end_object().take());
  }

  void arguments(int index, std::string_view piece) {
    std::string delta =
        "{\"tool_calls\":[{\"index\":" + std::to_string(index) + ",\"function\":{\"arguments\":";
    append_json_string(piece, delta);
    frame(delta + "}}]}", piece.size());
  }

  std::string finish(std::string_view word) {
    frame("{}", 0, "\"" + std::string(word) + "\"");
    body_ += "data: [DONE]\n\n";
    return std::move(body_);
  }

  std::size_t frames() const { return frames_; }

 private:
  std::string letters(std::size_t count) { return bench::letters(random_, count); }

  void frame(std::string_view delta, std::size_t piece = 0, std::string_view finish = "null") {
    body_.append(head_).append(delta);
    body_.append(",\"logprobs\":null,\"finish_reason\":").append(finish);
    body_.append("}],\"usage\":null");
    constexpr std::size_t kPad = 16;  // pieces are padded towards one length
    if (obfuscated_) {
      body_.append(",\"obfuscation\":\"").append(letters(kPad - std::min(piece, kPad - 1)));
      body_.append("\"");
    }
    body_.append("}\n\n");
    ++frames_;
  }

  Prng& random_;
  bool obfuscated_;
  std::string head_;
  std::string body_;
  std::size_t frames_ = 0;
};

std::string chat_body(Prng& random, bool obfuscated) {
  StreamWriter writer(random, obfuscated);
  while (writer.frames() < kFramesPerStream) writer.content(token(random));
  return writer.finish("stop");
}

std::string tools_body(Prng& random) {
  constexpr std::array<std::string_view, 3> kNames = {"write_file", "search", "run_command"};
  StreamWriter writer(random, true);
  for (int index = 0; index < 3; ++index) {
    const auto number = static_cast<std::size_t>(index);
    writer.call(index, kNames.at(number));
    for (const std::string_view piece : {"{\"", "path", "\":\"", "notes", ".md", "\",\"", "text"}) {
      writer.arguments(index, piece);
    }
    writer.arguments(index, "\":\"");
    while (writer.frames() < (number + 1) * kFramesPerStream / kNames.size()) {
      std::string piece;
      append_json_string(token(random), piece);
      writer.arguments(index, std::string_view(piece).substr(1, piece.size() - 2));
    }
    writer.arguments(index, "\"}");
  }
  return writer.finish("tool_calls");
}

std::string think_body(Prng& random) {
  StreamWriter writer(random, false);
  for (const std::string_view piece : {"<", "think", ">", "\n"}) writer.content(piece);
  while (writer.frames() < kFramesPerStream / 2) writer.content(token(random));
  for (const std::string_view piece : {"\n", "</", "think", ">", "\n\n"}) writer.content(piece);
  while (writer.frames() < kFramesPerStream) {
    const bool code = random.chance(1, 12);
    writer.content(code ? kCodeTokens.at(random.below(kCodeTokens.size())) : token(random));
  }
  return writer.finish("stop");
}

Stream stream_of(Protocol protocol, std::string name, std::string body) {
  Stream stream;
  stream.protocol = protocol;
  stream.name = std::move(name);
  stream.body = std::move(body);
  return stream;
}

// Makes a frame own its words, which are few; its data is somebody else's business.
void own(Stream& stream, Frame& frame) {
  const auto keep = [&stream](std::string_view& word) { word = *stream.words.emplace(word).first; };
  keep(frame.event);
  keep(frame.id);
  keep(frame.error);
  for (auto& [name, value] : frame.headers) {
    keep(name);
    keep(value);
  }
}

// Cuts the body into events, frames and payloads.
void cut(Stream& stream) {
  const std::string_view body = stream.body;
  const auto decoder = turn::make_decoder(*provider::find_row(stream.protocol));
  Frame frame;
  std::size_t done = 0;
  const auto take = [&] {
    while (decoder->next(frame)) {
      const auto end = static_cast<std::size_t>(frame.offset + frame.size);
      stream.events.push_back(body.substr(done, end - done));
      done = end;
      if (frame.kind == FrameKind::comment || frame.data.starts_with(kDone)) continue;
      stream.payload_bytes.append(frame.data).push_back('\0');
      own(stream, stream.frames.emplace_back(frame));
    }
  };
  decoder->feed(body);
  take();
  decoder->finish();
  take();
  if (done < body.size()) stream.events.push_back(body.substr(done));
  std::string_view rest = stream.payload_bytes;
  for (Frame& each : stream.frames) {
    const std::size_t size = each.data.size();
    each.data = rest.substr(0, size);
    rest.remove_prefix(size + 1);
  }
}

// The streams have come to rest: strings moved from here on would leave their views behind.
void settle(DataSet& set) {
  for (Stream& stream : set.streams) {
    cut(stream);
    set.bytes += stream.body.size();
    set.events += stream.events.size();
    set.payloads += stream.frames.size();
    set.payload_bytes += stream.payload_bytes.size() - stream.frames.size();
  }
}

template <typename MakeBody>
DataSet generated(Protocol protocol, std::string name, std::size_t bytes, MakeBody&& make_body) {
  DataSet set;
  set.protocol = protocol;
  set.name = std::move(name);
  Prng random(20'251'120);
  for (std::size_t size = 0; size < bytes; size += set.streams.back().body.size()) {
    set.streams.push_back(
        stream_of(protocol, set.name + std::to_string(set.streams.size()), make_body(random)));
  }
  settle(set);
  return set;
}

std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The bodies of a protocol: below a folder of its name, with the extension of a framing.
std::vector<std::filesystem::path> bodies_below(const std::string& folder,
                                                std::string_view protocol) {
  constexpr std::array<std::string_view, 4> kExtensions = {".sse", ".ndjson", ".eventstream",
                                                           ".jsonarray"};
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator entry(folder, error), end; entry != end;
       entry.increment(error)) {
    const std::filesystem::path& path = entry->path();
    const std::string extension = path.extension().string();
    if (std::count(kExtensions.begin(), kExtensions.end(), extension) == 0) continue;
    if (std::find(path.begin(), path.end(), protocol) != path.end()) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

std::vector<DataSet> generated_sets(std::size_t bytes) {
  constexpr Protocol kChat = Protocol::openai_chat;
  std::vector<DataSet> sets;
  sets.push_back(
      generated(kChat, "chat", bytes, [](Prng& random) { return chat_body(random, false); }));
  sets.push_back(generated(kChat, "chat_obfuscated", bytes,
                           [](Prng& random) { return chat_body(random, true); }));
  sets.push_back(generated(kChat, "tools", bytes, tools_body));
  sets.push_back(generated(kChat, "think", bytes, think_body));
  for (const Script& script : scripts()) {
    sets.push_back(generated(script.protocol, std::string(name_of(script.protocol)), bytes,
                             [&script](Prng& random) { return scripted_body(script, random); }));
  }
  return sets;
}

std::vector<DataSet> real_sets(const std::string& folder) {
  std::vector<DataSet> sets;
  for (const provider::CatalogRow& row : provider::catalog()) {
    DataSet set;
    set.protocol = row.protocol;
    set.name = "real_" + std::string(name_of(row.protocol));
    set.generated = false;
    for (const std::filesystem::path& path : bodies_below(folder, name_of(row.protocol))) {
      set.streams.push_back(stream_of(row.protocol, path.filename().string(), file_bytes(path)));
    }
    if (set.streams.empty()) continue;
    settle(set);
    sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace playhead::bench
