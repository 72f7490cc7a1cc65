// What travels between the review and the kernel: the dataclasses of model/review.py as JSON.

import type { Row, Sheet } from "../../shared/wire";

export type On = "stage" | "valence" | "codes";
export type Status = "open" | "settled" | "all";
export type How = "coder" | "own" | "undecided";

export interface Side {
  coder: string;
  codings: Row[];
}

export interface Settled {
  uid: string;
  how: How;
  chosen: string;
  by: string;
  at: string;
  codings: Row[];
}

export interface Place {
  id: string;
  start: number;
  stop: number;
  sides: Side[];
  differs: On[];
  settled: Settled | null;
  news: boolean;
}

export interface Case {
  id: number;
  title: string;
  preview: string;
  open: number;
  total: number;
}

export interface Cases {
  items: Case[];
  after: number | null;
}

export interface Memo {
  uid: string;
  on_kind: string;
  on: string;
  author: string;
  text: string;
  at: string;
  mine: boolean;
}

export interface ReviewSheet {
  sheet: Sheet;
  places: Place[];
  memos: Memo[];
  open: number;
  total: number;
}

export interface Figure {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

export interface Progress {
  before: Record<string, Figure>;
  after: Record<string, Figure>;
  total: number;
  settled: number;
}

/** The reviewer's own answer while it is put together. */
export interface Own {
  start: number;
  stop: number;
  stage: string | null;
  valence: number | null;
  codes: string[];
  memo: string;
}
