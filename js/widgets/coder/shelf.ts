// Editing the codebook: what a view has open of it, and the edits a person may make.

import { signal } from "@preact/signals";
import type { CodeItem, NewCode } from "../../shared/wire";
import { keyFor, under } from "./book";
import type { View } from "./view";

export interface Leaf {
  code: CodeItem;
  level: number;
  parent: boolean;
}

/** Codes as lines of a tree: each followed by what stands under it. */
export function leavesOf(codes: readonly CodeItem[]): Leaf[] {
  const keys = new Set(codes.map((code) => code.key));
  const children = new Map<string | null, CodeItem[]>();
  for (const code of codes) {
    const parent = code.parent !== null && keys.has(code.parent) ? code.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), code]);
  }
  const lines = (parent: string | null, level: number): Leaf[] =>
    (level > 40 ? [] : (children.get(parent) ?? [])).flatMap((code) => [
      { code, level, parent: children.has(code.key) },
      ...lines(code.key, level + 1),
    ]);
  return lines(null, 1);
}

/** One view's editor of the codebook. */
export class Shelf {
  readonly selected = signal<string | null>(null);

  constructor(readonly view: View) {}

  get codes(): readonly CodeItem[] {
    return this.view.session.book.codes.value;
  }

  find(key: string | null): CodeItem | undefined {
    return this.codes.find((code) => code.key === key);
  }

  #tell(key: string, name: string, into = ""): void {
    this.view.tell(this.view.say.value(`book.told.${key}`, { name, into }));
  }

  /** A new code; below another one it is of the same kind. */
  add(name: string, parent: string | null): void {
    const wanted = name.trim();
    if (!wanted) return;
    const key = keyFor(wanted, this.codes);
    const kind = this.find(parent)?.kind ?? "theme";
    this.view.session.deeds.codebook({ do: "add", key, name: wanted, kind, parent });
    this.selected.value = key;
    this.#tell("added", wanted);
  }

  change(code: CodeItem, fields: Partial<NewCode>): void {
    const changed = Object.entries(fields).filter(
      ([name, value]) => code[name as keyof CodeItem] !== value,
    );
    if (changed.length === 0) return;
    this.view.session.deeds.codebook({
      do: "change",
      code: code.key,
      ...Object.fromEntries(changed),
    });
    this.#tell("changed", fields.name ?? code.name);
  }

  /** Put a code under another one (or at the top), before a sibling (or last). */
  move(key: string, parent: string | null, before: string | null): void {
    const code = this.find(key);
    if (!code || before === key) return;
    if (parent !== null && under(this.codes, key).has(parent)) return;
    this.view.session.deeds.codebook({ do: "move", code: key, parent, before });
    const into = this.find(parent)?.name ?? this.view.say.value("book.top");
    this.#tell("moved", code.name, into);
  }

  /** Live codes under the same one, in order. */
  siblings(parent: string | null): CodeItem[] {
    return this.codes.filter((code) => code.parent === parent && !code.retired);
  }

  /** Move by keys: up, down, out of its parent, under the code above it. */
  shift(key: string, way: "up" | "down" | "out" | "in"): void {
    const code = this.find(key);
    if (!code) return;
    const family = this.siblings(code.parent);
    const at = family.findIndex((other) => other.key === key);
    const above = family[at - 1];
    if (way === "up" && above) this.move(key, code.parent, above.key);
    if (way === "down" && family[at + 1]) this.move(key, code.parent, family[at + 2]?.key ?? null);
    if (way === "in" && above) this.move(key, above.key, null);
    const parent = this.find(code.parent);
    if (way === "out" && parent) {
      const uncles = this.siblings(parent.parent);
      const next = uncles[uncles.findIndex((other) => other.key === parent.key) + 1];
      this.move(key, parent.parent, next?.key ?? null);
    }
  }

  merge(code: CodeItem, into: string): void {
    const target = this.find(into);
    if (!target || into === code.key) return;
    this.view.session.deeds.codebook({ do: "merge", code: code.key, into });
    this.selected.value = into;
    this.#tell("merged", code.name, target.name);
  }

  /** Two codes or more out of one; `given` says which of them a passage gets, by its uid. */
  split(code: CodeItem, names: readonly string[], given: ReadonlyMap<string, number>): void {
    const made: NewCode[] = [];
    for (const name of names) {
      const key = keyFor(name, [...this.codes, ...(made as unknown as CodeItem[])]);
      made.push({ key, name });
    }
    const codings: Record<string, string[]> = {};
    for (const [uid, at] of given) {
      const target = made[at];
      if (target) codings[uid] = [target.key];
    }
    this.view.session.deeds.codebook({ do: "split", code: code.key, into: made, codings });
    this.selected.value = made[0]?.key ?? null;
    this.#tell("split", code.name, names.join(", "));
  }

  retire(code: CodeItem, retired: boolean): void {
    this.view.session.deeds.codebook({ do: retired ? "retire" : "revive", code: code.key });
    this.#tell(retired ? "retired" : "revived", code.name);
  }
}
