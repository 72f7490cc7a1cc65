// What every part of the dashboard is given.

import type { View } from "../coder/view";
import type { Board } from "./board";
import type { Told } from "./words";

export interface Parts {
  view: View;
  board: Board;
  say: Told;
}
