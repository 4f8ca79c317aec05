// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/split/split.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <map>

using Catch::Matchers::Contains;
using ionsift::dataset::Labels;
using ionsift::dataset::Split;
using ionsift::dataset::SplitOptions;

namespace {

Split read(const std::string& text, const SplitOptions& options = {}) {
  const auto path = ionsift::test::scratch("split") / "split.csv";
  std::ofstream(path) << text;
  return Split::read(path, options);
}

} // namespace

TEST_CASE("sets are read in lower case, with clusters if there are any") {
  const auto split = read("id,set,cluster\na,Train,3\nb, TEST ,\nc,,1\n,train,1\nd,train,0\n");
  CHECK(split.size() == 3);
  CHECK(split.find("a")->set == "train");
  CHECK(split.find("a")->cluster == 3);
  CHECK(split.find("b")->set == "test");
  CHECK(split.find("b")->cluster == -1);
  CHECK(split.find("c") == nullptr);
  CHECK(split.sets() == std::vector<std::string>{"test", "train"});
  CHECK(read("id,split\na,train\n").find("a")->cluster == -1);
}

TEST_CASE("folds and groups are read if there are any") {
  const auto split = read("id,set,kfold,group\na,train,2,10.1/x\nb,test,, \nc,train,0,10.1/x\n");
  CHECK(split.find("a")->fold == 2);
  CHECK(split.find("a")->group == "10.1/x");
  CHECK(split.find("b")->fold == -1);
  CHECK(split.find("b")->group.empty());
  CHECK(split.folds() == std::vector<int>{0, 2});
  CHECK(split.clusters().empty());
  CHECK(split.groups() == std::vector<std::string>{"10.1/x"});

  SplitOptions second;
  second.fold_column = "fold_2";
  second.cluster_column = "part";
  const auto other = read("id,set,fold,fold_2,part\na,train,0,1,7\n", second);
  CHECK(other.find("a")->fold == 1);
  CHECK(other.clusters() == std::vector<int>{7});
  second.fold_column = "fold_3";
  CHECK_THROWS_WITH(read("id,set,fold,part\na,train,0,7\n", second), Contains("fold_3"));
  CHECK_THROWS_WITH(read("id,set,fold\na,train,first\n"), Contains("is not a fold"));
  CHECK_THROWS_WITH(read("id,set,fold\na,train,0\na,train,1\n"), Contains("listed twice"));
}

TEST_CASE("other columns can be named") {
  SplitOptions columns;
  columns.id_column = "key";
  columns.set_column = "part";
  columns.cluster_column = "group";
  const auto split = read("icsd,key,part,group\n1,a,0,7\n2,b,1,8\n", columns);
  CHECK(split.find("b")->set == "1");
  CHECK(split.find("b")->cluster == 8);
  columns.set_column = "sett";
  CHECK_THROWS_WITH(read("key,set,group\na,train,1\n", columns), Contains("set"));
  CHECK_THROWS_WITH(read("id,part\na,train\n"), Contains("--set-column"));
}

TEST_CASE("a structure in two sets is refused") {
  CHECK(read("id,set\na,train\na,train\n").size() == 1);
  CHECK_THROWS_WITH(read("id,set\na,train\na,test\n"), Contains("listed twice"));
  CHECK_THROWS_WITH(read("id,set,cluster\na,train,1\na,train,2\n"), Contains("listed twice"));
  CHECK_THROWS_WITH(read("id,set,cluster\na,train,first\n"), Contains("is not a cluster"));
}

TEST_CASE("OBELiX: 254 and 67 structures with CIF, 93 and 20 superionic", "[data]") {
  const auto folder = ionsift::test::data() / "data/obelix";
  const auto labels = Labels::read(folder / "labels.csv");
  const auto split = Split::read(folder / "split.csv");
  const auto table = ionsift::CsvTable::read(folder / "split.csv");
  std::map<std::string, int> structures, positive;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table.cell(i, table.column("has_cif")) == "1") {
      const auto& id = table.cell(i, table.column("ID"));
      ++structures[split.find(id)->set];
      positive[split.find(id)->set] += labels.find(id)->positive;
    }
  }
  CHECK(split.size() == 599);
  CHECK(structures == std::map<std::string, int>{{"test", 67}, {"train", 254}});
  CHECK(positive == std::map<std::string, int>{{"test", 20}, {"train", 93}});
}

TEST_CASE("the study's splits join OBELiX by its ids and bring ten clusters", "[data]") {
  const auto path = ionsift::test::data() / "data/study/splits.csv";
  const auto split = Split::read(path);
  CHECK(split.size() == 243);
  CHECK(split.folds() == std::vector<int>{0, 1, 2, 3, 4});
  SplitOptions by_number;
  by_number.id_column = "icsd";
  CHECK(Split::read(path, by_number).size() == 548);
  std::map<int, int> clusters;
  const auto table = ionsift::CsvTable::read(path);
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (const auto* row = split.find(table.cell(i, table.column("obelix_id")))) {
      ++clusters[row->cluster];
    }
  }
  CHECK(clusters.size() == 10);
  CHECK(clusters.begin()->first == 0);
}
