// SPDX-License-Identifier: BSD-3-Clause
// Runs a harness without libFuzzer: all files of the folders named, then changes of them by a mutator of our
// own.
//
//   replay_cif [--mutations N] [--dictionary FILE] FOLDER...
//
// The same run on every machine. An input that ends the process is left as `finding.bin` where the run
// started.
#include "ionsift/base/random.hpp"

#include "harness.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_input = 8192;
std::string current; // the current input

void leave_input(int signal) {
  const int file = open("finding.bin", O_WRONLY | O_CREAT | O_TRUNC, 0666);
  const bool left = file >= 0 && write(file, current.data(), current.size()) >= 0;
  const char* text = left ? "the input is left in finding.bin\n" : "the input could not be left\n";
  if (write(STDERR_FILENO, text, std::strlen(text)) < 0) {
    _exit(2);
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(std::string input) {
  current = std::move(input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
}

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The words of a dictionary in libFuzzer's format: one in quotes on each line, with \xNN for other bytes.
std::vector<std::string> words_of(const fs::path& path) {
  std::vector<std::string> words;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find('"');
    const auto last = line.rfind('"');
    if (line.starts_with('#') || first == last) {
      continue;
    }
    std::string word;
    for (std::size_t i = first + 1; i < last; ++i) {
      if (line.compare(i, 2, "\\x") == 0 && i + 3 < last + 1) {
        word += static_cast<char>(std::strtol(line.substr(i + 2, 2).c_str(), nullptr, 16));
        i += 3;
      } else {
        i += line[i] == '\\' ? 1 : 0;
        word += line[i];
      }
    }
    words.push_back(word);
  }
  return words;
}

class Mutator {
public:
  Mutator(std::vector<std::string> seeds, std::vector<std::string> words)
      : seeds_(std::move(seeds)), words_(std::move(words)), random_(1) {}

  std::string next() {
    std::string input = seeds_[random_.below(seeds_.size())];
    for (auto changes = 1 + random_.below(6); changes > 0; --changes) {
      change(input);
    }
    input.resize(std::min(input.size(), longest_input));
    return input;
  }

private:
  std::size_t place(const std::string& input) { return random_.below(input.size() + 1); }
  std::size_t length(const std::string& input, std::size_t from) {
    return std::min<std::size_t>(random_.below(1 + random_.below(64)), input.size() - from);
  }

  void change(std::string& input) {
    const std::size_t at = place(input);
    switch (random_.below(7)) {
    case 0: // another byte
      input.replace(at, at < input.size() ? 1 : 0, 1, static_cast<char>(random_.below(256)));
      break;
    case 1: // a word instead of something
      input.replace(at, length(input, at), words_[random_.below(words_.size())]);
      break;
    case 2: // a part is removed
      input.erase(at, length(input, at));
      break;
    case 3: // a part is repeated
      input.insert(at, input.substr(at, length(input, at)));
      break;
    case 4: { // a part of another seed
      const auto& other = seeds_[random_.below(seeds_.size())];
      const std::size_t from = random_.below(other.size() + 1);
      input.replace(at, length(input, at), other, from, std::string::npos);
      break;
    }
    case 5: // the end is cut off
      input.resize(at);
      break;
    default:
      replace_number(input, at);
    }
  }

  void replace_number(std::string& input, std::size_t at) {
    static constexpr std::array numbers = {
        "nan", "inf", "-1", "0", "1e308", "1e-308", "-0", "?", "1/3", "1e9999", "99999999999999999999"};
    const auto first = input.find_first_of("0123456789", at);
    if (first != std::string::npos) {
      const auto last = std::min(input.find_first_not_of("0123456789.-+e", first), input.size());
      input.replace(first, last - first, numbers[random_.below(numbers.size())]);
    }
  }

  std::vector<std::string> seeds_, words_;
  ionsift::RandomStream random_;
};

} // namespace

int main(int argc, char** argv) {
  std::size_t mutations = 0;
  std::vector<std::string> words = {" "};
  std::vector<std::string> seeds;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--mutations" && i + 1 < argc) {
      mutations = std::strtoull(argv[++i], nullptr, 10);
    } else if (argument == "--dictionary" && i + 1 < argc) {
      words = words_of(argv[++i]);
    } else if (fs::is_directory(argument)) {
      std::vector<fs::path> files(fs::directory_iterator(argument), {});
      std::ranges::sort(files);
      std::ranges::transform(files, std::back_inserter(seeds), content_of);
    }
  }
  if (seeds.empty() || words.empty()) {
    std::cerr << "no seeds or no words\n";
    return 2;
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGILL, SIGTERM}) {
    std::signal(signal, leave_input);
  }
  for (const auto& seed : seeds) {
    run(seed);
  }
  Mutator mutator(seeds, words);
  for (std::size_t i = 0; i < mutations; ++i) {
    run(mutator.next());
  }
  std::cout << fmt::format("{} files and {} changes of them: no finding\n", seeds.size(), mutations);
  return 0;
}
