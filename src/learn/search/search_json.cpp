// SPDX-License-Identifier: BSD-3-Clause
// JSON of a search's parts, for the journal and messages between ranks.
#include "ionsift/learn/search/search.hpp"

namespace ionsift::learn {

nlohmann::json to_json(const SearchTask& task) {
  nlohmann::json json = {{"id", task.id},
                         {"cluster", task.cluster},
                         {"trial", task.trial},
                         {"seed", task.seed},
                         {"point", task.point}};
  if (task.repeat) {
    json["repeat"] = *task.repeat;
  }
  return json;
}

SearchTask search_task_from_json(const nlohmann::json& json) {
  SearchTask task;
  json.at("id").get_to(task.id);
  json.at("cluster").get_to(task.cluster);
  json.at("trial").get_to(task.trial);
  json.at("seed").get_to(task.seed);
  json.at("point").get_to(task.point);
  if (json.contains("repeat")) {
    task.repeat = json.at("repeat").get<int>();
  }
  return task;
}

nlohmann::json to_json(const TaskEnd& end) {
  nlohmann::json json = {{"epochs", end.epochs},         {"diverged", end.diverged}, {"best", nullptr},
                         {"best_epoch", end.best_epoch}, {"seconds", end.seconds},   {"rank", end.rank}};
  if (end.best) {
    json["best"] = *end.best;
  }
  if (!end.curve.empty()) {
    json["curve"] = end.curve;
  }
  return json;
}

TaskEnd task_end_from_json(const nlohmann::json& json) {
  TaskEnd end;
  json.at("epochs").get_to(end.epochs);
  json.at("diverged").get_to(end.diverged);
  if (!json.at("best").is_null()) {
    end.best = json.at("best").get<double>();
  }
  json.at("best_epoch").get_to(end.best_epoch);
  json.at("seconds").get_to(end.seconds);
  json.at("rank").get_to(end.rank);
  if (json.contains("curve")) {
    json.at("curve").get_to(end.curve);
  }
  return end;
}

} // namespace ionsift::learn
