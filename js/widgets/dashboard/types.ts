// What the dashboard's modules tell each other; they know no other module of the dashboard.

import type { Theme } from "../../shared/theme";

export interface Face {
  title: string;
  facts: string;
  estimate: string;
  estimates: { key: string; name: string }[];
  warning: string;
  notes: string[];
  kpis: string;
  sheet: string;
  colours: Record<Theme, string>;
  spoken: string;
  stages: { key: string; name: string }[];
  rows: string[][];
  lanes: Lane[];
}

export interface Lane {
  key: string;
  title: string;
  hidden: boolean;
}

export interface Passage {
  text: string;
  lang: string;
  feeling: string;
  tone: string;
  source: string[];
  memo: string;
  feedback: number | null;
  uid: string;
}

export interface Behind {
  title: string;
  told: string;
  rows: Passage[];
  history: [string, string][];
  ref: string;
}

/** What is asked about. */
export interface Asked {
  stage: string;
  number?: number;
  ref?: string;
  kpi?: string;
}

/** What the kernel says of the board. */
export interface Told {
  n: number;
  trouble: string;
  face: Face | null;
  item?: unknown;
  patch?: { events?: unknown[] } | null;
}

/** What of the model the board uses. */
export interface Channel {
  on(event: string, callback: (...args: never[]) => void): void;
  off(event: string, callback: (...args: never[]) => void): void;
  get(name: "selected" | "estimate"): string | null;
  set(name: "selected" | "estimate", value: string | null): void;
  save_changes(): void;
}
