// SPDX-License-Identifier: BSD-3-Clause
// The HDF5 wrapper, serially.
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"

#include "error_of.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <thread>

using namespace ionsift;

using test::error_of;

TEST_CASE("numbers are read back, converted to the requested type") {
  const auto path = test::scratch("hdf5_numbers") / "a.h5";
  {
    auto file = h5::File::create(path);
    file.write<float>("group/deep/matrix", {2, 3}, std::vector<float>{1.5F, 2, 3, 4, 5, 6.25F});
    file.write<std::int32_t>("integers", {3}, std::vector<std::int32_t>{-1, 0, 2000000000});
    file.write<std::uint8_t>("bytes", {2}, std::vector<std::uint8_t>{0, 255});
    file.write<double>("nothing", {0, 4}, std::vector<double>{});
  }
  const auto file = h5::File::open(path);
  const auto matrix = file.dataset("/group/deep/matrix");
  CHECK(matrix.shape() == h5::Shape{2, 3});
  CHECK(matrix.rows() == 2);
  CHECK(matrix.row_size() == 3);
  CHECK(matrix.text_length() == 0);
  CHECK(matrix.read<double>() == std::vector<double>{1.5, 2, 3, 4, 5, 6.25});
  CHECK(matrix.read_rows<float>(1, 1) == std::vector<float>{4, 5, 6.25F});
  CHECK(matrix.read_rows<float>(2, 0).empty());
  CHECK(file.dataset("integers").read<std::int64_t>() == std::vector<std::int64_t>{-1, 0, 2000000000});
  CHECK(file.dataset("bytes").read<std::int32_t>() == std::vector<std::int32_t>{0, 255});
  CHECK(file.dataset("nothing").read<double>().empty());
  CHECK(file.dataset("nothing").shape() == h5::Shape{0, 4});
  CHECK(file.list() == std::vector<std::string>{"bytes", "group", "integers", "nothing"});
  CHECK(file.list("group") == std::vector<std::string>{"deep"});
  CHECK(file.has("group/deep"));
  CHECK(file.has("/"));
  CHECK_FALSE(file.has("group/shallow/matrix"));
}

TEST_CASE("datasets grow, and are written row by row") {
  const auto path = test::scratch("hdf5_growing") / "a.h5";
  {
    auto file = h5::File::create(path);
    auto rows = file.make_growing("x/rows", h5::Type::f32, {2}, 4);
    auto names = file.make_growing_text("x/names", 5, 4);
    for (int i = 0; i < 5; ++i) {
      const auto first = static_cast<std::uint64_t>(3 * i);
      rows.resize(first + 3);
      rows.write_rows(first, std::vector<double>(6, i));
      names.resize(first + 3);
      names.write_text_rows(first, std::vector<std::string>{"", "Å", fmt::format("{:05}", i)});
    }
    rows.write_rows(15, std::vector<double>{});
    file.close();
  }
  const auto file = h5::File::open(path);
  const auto rows = file.dataset("x/rows");
  CHECK(rows.rows() == 15);
  CHECK(rows.read_rows<double>(8, 2) == std::vector<double>{2, 2, 3, 3});
  const auto names = file.dataset("x/names");
  CHECK(names.text_length() == 5);
  CHECK(names.read_text_rows(3, 3) == std::vector<std::string>{"", "Å", "00001"});
}

TEST_CASE("a text that does not fit is refused") {
  auto file = h5::File::create(test::scratch("hdf5_limit") / "a.h5");
  auto names = file.make_growing_text("names", 3, 4);
  names.resize(1);
  const auto error = error_of([&] { names.write_text_rows(0, std::vector<std::string>{"abcd"}); });
  CHECK(error.code() == ErrorCode::limit);
  CHECK(error.problem().find("abcd") != std::string::npos);
}

TEST_CASE("attributes of every kind, also set twice") {
  const auto path = test::scratch("hdf5_attributes") / "a.h5";
  const std::string lengthy(70000, 'x'); // more than an object header can hold
  {
    auto file = h5::File::create(path);
    file.make_group("g");
    file.set_attribute("/", "text", "first");
    file.set_attribute("/", "text", "Li₇P₃S₁₁");
    file.set_attribute("/", "empty", "");
    file.set_attribute("/", "lengthy", lengthy);
    file.set_attribute("g", "integer", 7);
    file.set_attribute("g", "integer", std::int64_t(1) << 40);
    file.set_attribute("g", "number", 0.1);
    file.set_attribute("g", "numbers", std::vector<double>{1, 2.5});
    file.set_attribute("g", "none", std::vector<double>{});
    const std::vector<std::string> layers = {"dense", "weighted_set2set", ""};
    file.set_attribute("g", "texts", std::span<const std::string>(layers));
  }
  const auto file = h5::File::open(path);
  CHECK(file.text_attribute("/", "text") == "Li₇P₃S₁₁");
  CHECK(file.text_attribute("/", "empty").empty());
  CHECK(file.text_attribute("/", "lengthy") == lengthy);
  CHECK(file.integer_attribute("g", "integer") == std::int64_t(1) << 40);
  CHECK(file.number_attribute("g", "number") == 0.1);
  CHECK(file.numbers_attribute("g", "numbers") == std::vector<double>{1, 2.5});
  CHECK(file.numbers_attribute("g", "none").empty());
  CHECK(file.has_attribute("g", "none"));
  CHECK_FALSE(file.has_attribute("/", "none"));
  CHECK(error_of([&] { file.number_attribute("g", "missing"); }).code() == ErrorCode::missing);
  CHECK(error_of([&] { file.number_attribute("g", "numbers"); }).code() == ErrorCode::format);
  CHECK(file.texts_attribute("g", "texts") == std::vector<std::string>{"dense", "weighted_set2set", ""});
  CHECK(file.texts_attribute("/", "lengthy") == std::vector<std::string>{lengthy});
  CHECK(error_of([&] { file.text_attribute("g", "texts"); }).code() == ErrorCode::format);
  CHECK(error_of([&] { file.text_attribute("g", "number"); }).code() == ErrorCode::format);
}

TEST_CASE("objects are moved and removed") {
  auto file = h5::File::create(test::scratch("hdf5_move") / "a.h5");
  file.write<double>("a", {1}, std::vector<double>{3});
  file.move("a", "b");
  CHECK(file.list() == std::vector<std::string>{"b"});
  CHECK(file.dataset("b").read<double>() == std::vector<double>{3});
  file.remove("b");
  CHECK(file.list().empty());
  CHECK(error_of([&] { file.remove("b"); }).code() == ErrorCode::io);
}

TEST_CASE("errors name the file and the object, with HDF5's reason") {
  const auto folder = test::scratch("hdf5_errors");
  CHECK(error_of([&] { h5::File::open(folder / "none.h5"); }).code() == ErrorCode::missing);
  std::ofstream(folder / "text.h5") << "not HDF5 at all";
  const auto no_hdf5 = error_of([&] { h5::File::open(folder / "text.h5"); });
  CHECK(no_hdf5.code() == ErrorCode::format);
  CHECK(no_hdf5.why().find("signature") != std::string::npos);
  CHECK(error_of([&] { h5::File::create(folder / "no" / "folder.h5"); }).code() == ErrorCode::io);

  auto file = h5::File::create(folder / "a.h5");
  file.write<double>("group/numbers", {2}, std::vector<double>{1, 2});
  file.write_text("group/texts", std::vector<std::string>{"a", "bc"});
  const auto missing = error_of([&] { file.dataset("group/number"); });
  CHECK(missing.code() == ErrorCode::missing);
  CHECK(missing.problem() == fmt::format("there is no dataset {}:/group/number", (folder / "a.h5").string()));
  CHECK(missing.why() == "/group holds: numbers, texts");
  CHECK(error_of([&] { file.dataset("group"); }).code() == ErrorCode::format);
  CHECK(error_of([&] { file.dataset("group/texts").read<double>(); }).code() == ErrorCode::format);
  CHECK(error_of([&] { file.dataset("group/numbers").read_text(); }).code() == ErrorCode::format);
  CHECK(error_of([&] { file.dataset("group/numbers").read_rows<double>(1, 2); }).code() == ErrorCode::data);
  CHECK(error_of([&] { file.list("nowhere"); }).code() == ErrorCode::missing);
  CHECK(file.dataset("group/texts").read_text() == std::vector<std::string>{"a", "bc"});
}

TEST_CASE("a truncated file is refused") {
  const auto folder = test::scratch("hdf5_truncated");
  {
    auto file = h5::File::create(folder / "a.h5");
    file.write<double>("numbers", {1000}, std::vector<double>(1000, 1.0));
  }
  std::filesystem::resize_file(folder / "a.h5", 4000);
  const auto error = error_of([&] { h5::File::open(folder / "a.h5"); });
  CHECK(error.why().find("truncated") != std::string::npos);
}

TEST_CASE("files of equal content are equal byte for byte") {
  const auto folder = test::scratch("hdf5_bytes");
  const auto write = [&](const std::string& name) {
    auto file = h5::File::create(folder / name);
    file.write<double>("a/b", {2}, std::vector<double>{1, 2});
    file.set_attribute("/", "text", "value");
    file.close();
    return read_file(folder / name);
  };
  const auto first = write("1.h5");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // timestamps have a resolution of 1 s
  CHECK(first == write("2.h5"));
}

TEST_CASE("weights of a published network are read", "[data]") {
  const auto file = h5::File::open(test::data() / "models" / "formation_energy-mp-2019.4.1.hdf5");
  const auto kernel = file.dataset("/model_weights/dense_1/dense_1/kernel:0");
  CHECK(kernel.shape() == h5::Shape{16, 64});
  CHECK(kernel.read<double>().size() == 1024);
  CHECK(file.text_attribute("/", "model_config").starts_with("{"));
  CHECK_FALSE(file.dataset("/model_weights/embedding_1/embedding_1/embeddings:0").read<float>().empty());
}
