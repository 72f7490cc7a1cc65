// What travels between browser and kernel: the dataclasses of model/desk.py as JSON carries
// them (docs/protocol.md). Offsets are code points, valences −1…1.

export interface Row {
  uid: string;
  feedback: number;
  version: number;
  start: number;
  stop: number;
  coder: string;
  stage: string | null;
  valence: number | null;
  codes: string[];
  memo: string;
  origin: string;
  rev: number;
  gone: boolean;
}

export interface StageItem {
  key: string;
  names: Record<string, string>;
  parent: string | null;
  n: number;
}

export interface CodeItem {
  key: string;
  name: string;
  kind: string;
  parent: string | null;
  definition: string;
  colour: string;
  n: number;
  /** No longer offered; codings keep it. */
  retired?: boolean;
}

export interface Filter {
  key: string;
  values: string[];
}

export interface Step {
  op: string;
  label: string;
}

export interface Top {
  undo: Step | null;
  redo: Step | null;
}

export type Status = "all" | "todo" | "done";

export type Order = "order" | "random" | "stratified" | "uncertain" | "disagreement";

export interface Query {
  status: Status;
  /** The study's own order where it is left out. */
  order?: Order;
  search: string;
  filters: Record<string, string>;
}

export interface Bookmark {
  text?: number;
  pos?: number;
  sentence?: number;
  status?: Status;
  order?: Order;
  search?: string;
  filters?: Record<string, string>;
  /** Whether suggestions are shown. */
  suggest?: boolean;
  /** Keys of this coder's own: a command and its chord. */
  keys?: Record<string, string>;
}

export interface Opening {
  study: string;
  name: string;
  coder: string;
  language: string;
  seq: number;
  total: number;
  done: number;
  stages: StageItem[];
  codes: CodeItem[];
  filters: Filter[];
  bookmark: Bookmark;
  top: Top;
  /** Codes that are offered no more. */
  retired?: CodeItem[];
  /** Orders the queue can be in; none where it goes through a sample, in the sample's. */
  orders?: Order[];
}

export interface Item {
  id: number;
  pos: number;
  title: string;
  channel: string;
  language: string;
  preview: string;
  stages: string[];
  n: number;
}

export interface Page {
  items: Item[];
  before: number | null;
  after: number | null;
  /** Texts in which a search has not looked yet. */
  unsearched?: number;
}

export interface SpokenTurn {
  start: number;
  stop: number;
  speaker: string;
  role: "respondent" | "interviewer";
}

export interface Sheet {
  id: number;
  pos: number;
  version: number;
  title: string;
  text: string;
  language: string;
  attributes: [string, string][];
  sentences: [number, number][];
  codings: Row[];
  /** Who speaks where in a transcript. */
  turns?: SpokenTurn[];
}

export interface Changes {
  seq: number;
  rows: Row[];
  reopen: boolean;
  top: Top;
}

/** What a machine proposes for a passage; never a coding. */
export interface Suggestion {
  uid: string;
  feedback: number;
  start: number;
  stop: number;
  stage: string | null;
  codes: string[];
  valence: number | null;
  /** Null: nobody knows how often a word list is right. */
  probability: number | null;
  each: Record<string, number>;
  words: string[];
  by: "vocabulary" | "classifier";
  model: string;
}

/** What is kept of a suggestion beside the coding made of it. */
export type Proposed = Pick<
  Suggestion,
  "uid" | "stage" | "codes" | "valence" | "probability" | "by" | "model"
>;

/** What suggestions are worth: figures that are not known are null. */
export interface Worth {
  /** Share of coded passages whose stage the classifier would have told, by cross-validation. */
  accuracy: number | null;
  /** Passages this rests on. */
  n: number;
  /** Suggestions taken as they were, and all that were decided upon. */
  taken: number;
  decided: number;
}

export type Act =
  | "code"
  | "edit"
  | "remove"
  | "undo"
  | "redo"
  | "refuse"
  | "codebook"
  | "bulk"
  | "memo"
  | "link";

export type Refusal = "conflict" | "moved" | "invalid" | "busy" | "lost_file" | "newer_schema";

export interface Body {
  feedback?: number;
  start?: number;
  stop?: number;
  stage?: string | null;
  valence?: number | null;
  codes?: string[];
  memo?: string;
  origin?: string;
  suggestion?: Proposed;
}

/** What a code is, as far as it is told. */
export interface CodeFields {
  name?: string;
  kind?: string;
  definition?: string;
  colour?: string;
}

export type NewCode = CodeFields & { name: string; key: string };

export type BookBody =
  | (NewCode & { do: "add"; parent?: string | null; before?: string | null })
  | (CodeFields & { do: "change"; code: string })
  | { do: "move"; code: string; parent: string | null; before: string | null }
  | { do: "merge"; code: string; into: string }
  | { do: "split"; code: string; into: NewCode[]; codings: Record<string, string[]> }
  | { do: "retire" | "revive"; code: string };

export interface Op {
  op: string;
  act: Act;
  row?: string;
  base?: number | string;
  seen_version?: number;
  expect?: string;
  body?: Body | BookBody | Refused | MemoBody | LinkBody;
}

/** A suggestion that is not wanted. */
export type Refused = Omit<Proposed, "uid"> & { feedback: number; start: number; stop: number };

export type MemoKind = "text" | "stage" | "code" | "coding" | "study";

export interface Memo {
  uid: string;
  on_kind: MemoKind;
  on: string;
  author: string;
  text: string;
  /** ISO 8601, UTC. */
  at: string;
  mine: boolean;
}

export type MemoBody =
  | { do: "add"; on: [MemoKind, string]; text: string }
  | { do: "change"; text: string }
  | { do: "remove" };

export interface LinkEnd {
  uid: string;
  feedback: number;
  title: string;
  words: string;
}

export interface Link {
  uid: string;
  start: string;
  stop: string;
  kind: string;
  text: string;
  ends: LinkEnd[];
}

export type LinkBody =
  | { do: "add"; from: string; to: string }
  | { do: "change"; text: string }
  | { do: "remove" };

export interface CodeNotice {
  what: "merged" | "retired";
  code: string;
  into: string | null;
}

export interface Receipt {
  ok: boolean;
  op: string;
  seq: number;
  rows: Row[];
  stale: boolean;
  top: Top;
  /** The codes as they are now, after an op that changed the codebook. */
  codes?: CodeItem[] | null;
  /** Codes that somebody merged or retired since they were seen here. */
  notices?: CodeNotice[];
  /** More rows changed than `rows` tells. */
  reopen?: boolean;
  why: Refusal | null;
  say: string;
}

export interface Failure {
  why: Refusal;
  say: string;
}
