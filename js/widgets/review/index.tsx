// The review of coders' differences as an anywidget module.

import "./style.css";
import { moduleOf } from "../table/kit/module";
import { ReviewSession } from "./session";
import { ReviewApp } from "./ui/app";
import type { On } from "./wire";

export default moduleOf(
  (model) =>
    new ReviewSession(
      model as never,
      String(model.get("study")),
      String(model.get("coder")),
      String(model.get("on")) as On,
    ),
  ReviewApp,
);
