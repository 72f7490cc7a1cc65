// The codebook as the widget shows it: what the kernel has confirmed, with the edits that still
// wait in the outbox laid over it.

import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { fold } from "../../shared/words";
import type { Outbox } from "../../shared/outbox";
import type { BookBody, CodeItem, Opening } from "../../shared/wire";

const NEW: CodeItem = {
  key: "",
  name: "",
  kind: "theme",
  parent: null,
  definition: "",
  colour: "",
  n: 0,
};

export class Book {
  /** Every code, retired ones too, each after the code it stands under. */
  readonly codes: ReadonlySignal<readonly CodeItem[]>;
  /** What can be given to a passage. */
  readonly live: ReadonlySignal<readonly CodeItem[]>;
  /** Names by key; those of codes that have just gone, too. */
  readonly names: ReadonlySignal<ReadonlyMap<string, string>>;

  /** Codes that were retired here: the kernel's panel leaves them out, but they can come back. */
  readonly #retired = signal<readonly CodeItem[]>([]);
  /** Names of all codes that were ever shown here. */
  readonly #named = new Map<string, string>();

  constructor(opening: ReadonlySignal<Opening | null>, outbox: Outbox) {
    const base = computed(() => {
      const codes = opening.value?.codes ?? [];
      const there = new Set(codes.map((code) => code.key));
      const told = (opening.value?.retired ?? []).map((code) => ({ ...code, retired: true }));
      // What was retired here since then is newer than what the opening told.
      const gone = new Map([...told, ...this.#retired.value].map((code) => [code.key, code]));
      return [...codes, ...[...gone.values()].filter((code) => !there.has(code.key))];
    });
    this.codes = computed(() =>
      outbox.pending.value.reduce<readonly CodeItem[]>(
        (codes, { op }) => (op.act === "codebook" ? lay(codes, op.body as BookBody) : codes),
        base.value,
      ),
    );
    this.live = computed(() => this.codes.value.filter((code) => !code.retired));
    this.names = computed(() => {
      for (const code of [...base.value, ...this.codes.value]) this.#named.set(code.key, code.name);
      return new Map(this.#named);
    });
  }

  name(key: string): string | undefined {
    return this.names.value.get(key);
  }

  /** Remember what an edit takes from the panel but may be wanted again. */
  keep(edit: BookBody): void {
    if (edit.do !== "retire") return;
    const code = this.codes.peek().find((item) => item.key === edit.code);
    if (code) this.#retired.value = [...this.#retired.peek(), { ...code, retired: true }];
  }

  /** The code with a name, as people would take it for the same. */
  called(name: string): CodeItem | undefined {
    return this.codes.value.find((code) => fold(code.name) === fold(name));
  }
}

/** A key for a new code: its name in lower case, without accents, not in use. */
export function keyFor(name: string, codes: readonly CodeItem[]): string {
  const plain = name.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  const stem = slug || name.trim().slice(0, 60);
  const taken = new Set(codes.map((code) => code.key));
  let key = stem;
  for (let n = 2; taken.has(key); n++) key = `${stem}-${n}`;
  return key;
}

/** The codes below a code, and the code itself. */
export function under(codes: readonly CodeItem[], key: string): Set<string> {
  const found = new Set([key]);
  for (let grown = 0; grown !== found.size; ) {
    grown = found.size;
    for (const code of codes) if (code.parent !== null && found.has(code.parent)) found.add(code.key);
  }
  return found;
}

/** The codes as an edit leaves them; unchanged where it does not fit them. */
export function lay(codes: readonly CodeItem[], body: BookBody): readonly CodeItem[] {
  switch (body.do) {
    case "add": {
      const { do: _, before, parent, ...fields } = body;
      return put(codes, [{ ...NEW, ...fields, parent: parent ?? null }], before ?? null);
    }
    case "change": {
      const { do: _, code, ...fields } = body;
      return codes.map((item) => (item.key === code ? { ...item, ...fields } : item));
    }
    case "move": {
      const moved = under(codes, body.code);
      if (body.parent !== null && moved.has(body.parent)) return codes;
      const group = codes
        .filter((item) => moved.has(item.key))
        .map((item) => (item.key === body.code ? { ...item, parent: body.parent } : item));
      return put(codes.filter((item) => !moved.has(item.key)), group, body.before);
    }
    case "merge":
      return merged(codes, body.code, body.into);
    case "split": {
      const old = codes.find((item) => item.key === body.code);
      if (!old) return codes;
      const { kind, parent, colour } = old;
      const made = body.into.map((fields) => ({ ...NEW, kind, parent, colour, ...fields }));
      return put(codes, made, next(codes, body.code));
    }
    default:
      return codes.map((item) =>
        item.key === body.code ? { ...item, retired: body.do === "retire" } : item,
      );
  }
}

function merged(codes: readonly CodeItem[], key: string, into: string): readonly CodeItem[] {
  const gone = codes.find((item) => item.key === key);
  if (!gone || key === into) return codes;
  return codes
    .filter((item) => item.key !== key)
    .map((item) => {
      if (item.key === into) return { ...item, n: item.n + gone.n };
      return item.parent === key ? { ...item, parent: into === item.key ? gone.parent : into } : item;
    });
}

/** The sibling after a code. */
function next(codes: readonly CodeItem[], key: string): string | null {
  const parent = codes.find((item) => item.key === key)?.parent ?? null;
  const siblings = codes.filter((item) => item.parent === parent);
  return siblings[siblings.findIndex((item) => item.key === key) + 1]?.key ?? null;
}

/** Codes put before another one, else behind the last of those under the same parent. */
function put(
  codes: readonly CodeItem[],
  group: readonly CodeItem[],
  before: string | null,
): readonly CodeItem[] {
  let at = before === null ? -1 : codes.findIndex((item) => item.key === before);
  const parent = group[0]?.parent ?? null;
  if (at < 0 && parent !== null) {
    const family = under(codes, parent);
    at = codes.findLastIndex((item) => family.has(item.key)) + 1;
  }
  return at < 0 ? [...codes, ...group] : [...codes.slice(0, at), ...group, ...codes.slice(at)];
}
