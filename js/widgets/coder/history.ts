// Undo and redo that show at once: what this page did is known here, what was done before or
// elsewhere is known by its op only and shows with the kernel's answer.

import { computed, signal } from "@preact/signals";
import type { Effect } from "../../shared/outbox";
import type { Step, Top } from "../../shared/wire";

export interface Past {
  op: string;
  label: string;
  effect: Effect | null;
}

const NOTHING: Top = { undo: null, redo: null };

export class History {
  readonly #done = signal<readonly Past[]>([]);
  readonly #undone = signal<readonly Past[]>([]);
  readonly #server = signal<Top>(NOTHING);
  readonly canUndo = computed(() => this.nextUndo() !== null);
  readonly canRedo = computed(() => this.nextRedo() !== null);

  nextUndo(): Past | null {
    return this.#done.value.at(-1) ?? past(this.#server.value.undo, this.#undone.value);
  }

  nextRedo(): Past | null {
    return this.#undone.value.at(-1) ?? past(this.#server.value.redo, this.#done.value);
  }

  did(step: Past): void {
    this.#done.value = [...this.#done.value, step];
    this.#undone.value = [];
    this.#server.value = { undo: this.#server.value.undo, redo: null };
  }

  undid(step: Past): void {
    this.#done.value = this.#done.value.filter((other) => other.op !== step.op);
    this.#undone.value = [...this.#undone.value, step];
    if (this.#server.value.undo?.op === step.op) {
      this.#server.value = { undo: null, redo: this.#server.value.redo };
    }
  }

  redid(step: Past): void {
    this.#undone.value = this.#undone.value.filter((other) => other.op !== step.op);
    this.#done.value = [...this.#done.value, step];
    if (this.#server.value.redo?.op === step.op) {
      this.#server.value = { undo: this.#server.value.undo, redo: null };
    }
  }

  /** The kernel's word when nothing waits: where it differs from what is known here, it is right. */
  settle(top: Top): void {
    this.#server.value = top;
    if (this.#done.value.length > 0 && this.#done.value.at(-1)?.op !== top.undo?.op) {
      this.#done.value = [];
    }
    if (this.#undone.value.length > 0 && this.#undone.value.at(-1)?.op !== top.redo?.op) {
      this.#undone.value = [];
    }
  }

  /** An op was refused: it never happened. */
  drop(op: string): void {
    this.#done.value = this.#done.value.filter((step) => step.op !== op);
    this.#undone.value = this.#undone.value.filter((step) => step.op !== op);
  }

  forget(): void {
    this.#done.value = [];
    this.#undone.value = [];
  }
}

function past(step: Step | null, known: readonly Past[]): Past | null {
  if (!step || known.some((other) => other.op === step.op)) return null;
  return { op: step.op, label: step.label, effect: null };
}
