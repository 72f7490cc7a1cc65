// What a coder does: every act becomes an op in the outbox, shows at once, can be undone, and is
// settled by the kernel's receipt.

import { batch } from "@preact/signals";
import { newId } from "../../shared/ids";
import type { Effect, Entry, Shown } from "../../shared/outbox";
import type {
  BookBody,
  Body,
  CodeNotice,
  LinkBody,
  MemoBody,
  Op,
  Proposed,
  Receipt,
  Refused,
  Suggestion,
} from "../../shared/wire";
import { History, type Past } from "./history";
import type { DeedHost } from "./host";

export type Patch = Pick<Body, "stage" | "valence" | "codes" | "memo" | "start" | "stop">;

export class Deeds {
  readonly history = new History();
  #unknown = false;
  #last = 0;

  constructor(private readonly session: DeedHost) {}

  /** A new coding on a range of the open text, maybe made of a suggestion; its uid. */
  code(start: number, stop: number, patch: Patch, from?: Proposed): string | null {
    const text = this.session.text.value;
    const coder = this.session.opening.value?.coder;
    if (!text || coder === undefined) return null;
    const { id, version } = text.sheet;
    const op = newId();
    const origin = from ? "suggestion" : "human";
    const row: Shown = {
      uid: newId(),
      feedback: id,
      version,
      start,
      stop,
      coder,
      stage: null,
      valence: null,
      codes: [],
      memo: "",
      origin,
      rev: 0,
      gone: false,
      base: op,
      ...patch,
    };
    const body: Body = { feedback: id, start, stop, origin, ...patch };
    if (from) body.suggestion = proposedBy(from);
    this.#do(
      { op, act: "code", row: row.uid, seen_version: version, body },
      { feedback: id, uid: row.uid, before: null, after: row },
      "code",
    );
    return row.uid;
  }

  edit(row: Shown, patch: Patch): void {
    const op = newId();
    this.#do(
      { op, act: "edit", row: row.uid, base: row.base, seen_version: row.version, body: patch },
      { feedback: row.feedback, uid: row.uid, before: row, after: { ...row, ...patch, base: op } },
      "edit",
    );
  }

  /** Want a suggestion no more; undo brings it back. */
  refuse(suggestion: Suggestion): void {
    const { feedback, start, stop } = suggestion;
    const { uid, ...what } = proposedBy(suggestion);
    const op = newId();
    batch(() => {
      this.session.hints.refused(uid, op);
      this.history.did({ op, label: "refuse", effect: null });
      this.#enter({ op, act: "refuse", row: uid, body: { feedback, start, stop, ...what } }, null);
    });
  }

  /** Write, change or remove a memo or a link. */
  note(act: "memo" | "link", row: string, body: MemoBody | LinkBody): void {
    const op = newId();
    batch(() => {
      this.history.did({ op, label: act, effect: null });
      this.#enter({ op, act, row, body }, null);
    });
  }

  /** Change the codebook; it shows at once, its undo with the kernel's answer. */
  codebook(body: BookBody): void {
    const op = newId();
    batch(() => {
      this.history.did({ op, label: "codebook", effect: null });
      this.#enter({ op, act: "codebook", body }, null);
    });
  }

  remove(row: Shown): void {
    const op = newId();
    this.#do(
      { op, act: "remove", row: row.uid, base: row.base, seen_version: row.version },
      { feedback: row.feedback, uid: row.uid, before: row, after: null },
      "remove",
    );
  }

  /** Take back the last action; the effect it had, if known here. */
  undo(): Past | null {
    const step = this.history.nextUndo();
    if (!step || this.#unknown) return null;
    const effect = step.effect && turned(step.effect);
    batch(() => {
      this.session.hints.offered(step.op);
      this.history.undid(step);
      this.#turn("undo", step, effect);
    });
    return step;
  }

  redo(): Past | null {
    const step = this.history.nextRedo();
    if (!step || this.#unknown) return null;
    batch(() => {
      this.history.redid(step);
      this.#turn("redo", step, step.effect);
    });
    return step;
  }

  #turn(act: "undo" | "redo", step: Past, effect: Effect | null): void {
    this.#unknown = effect === null; // until its receipt nobody knows what lies below it
    this.#enter({ op: newId(), act, expect: step.op }, effect);
    const here = this.session.text.value?.sheet.id;
    if (effect && effect.feedback !== here) void this.session.go(effect.feedback);
  }

  /** The time; later at each call, so that ops of one millisecond keep their order. */
  #now(): number {
    this.#last = Math.max(Date.now(), this.#last + 0.001);
    return this.#last;
  }

  #do(op: Op, effect: Effect, label: string): void {
    batch(() => {
      this.history.did({ op: op.op, label, effect });
      this.#enter(op, effect);
    });
  }

  #enter(op: Op, effect: Effect | null): void {
    const title = this.session.text.value?.sheet.title ?? "";
    this.session.outbox.add({ at: this.#now(), op, effect, title });
    if (effect) this.session.ledger.refresh(effect.feedback, [effect.uid]);
  }

  /** Forget what is unsaved on this computer; what the kernel has is what counts. */
  forget(): void {
    batch(() => {
      const gone = this.session.outbox.clear();
      this.history.forget();
      for (const { effect } of gone) if (effect) this.session.ledger.refresh(effect.feedback);
    });
    void this.session.look();
  }

  /** Do a refused op again on what is there now. */
  again(entry: Entry): void {
    const { effect, op } = entry;
    this.session.outbox.dismiss(op.op);
    if (op.act === "codebook") return this.codebook(op.body as BookBody);
    if (op.act === "refuse" && op.row) {
      return this.refuse({ ...(op.body as Refused), uid: op.row, each: {}, words: [] });
    }
    if ((op.act === "memo" || op.act === "link") && op.row) {
      return this.note(op.act, op.row, op.body as MemoBody | LinkBody);
    }
    if (!effect) return;
    if (effect.feedback === this.session.text.value?.sheet.id) this.#again(entry);
    else void this.session.go(effect.feedback).then(() => this.#again(entry));
  }

  #again({ op, effect }: Entry): void {
    if (!effect) return;
    const now = this.session.ledger.find(effect.feedback, effect.uid);
    const body = (op.body ?? {}) as Body;
    if (op.act === "remove") {
      if (now) this.remove(now);
      return;
    }
    const { feedback: _, origin: __, suggestion, ...patch } = body;
    if (now) return this.edit(now, patch);
    const row = effect.after;
    if (!row) return;
    const { stage, valence, codes, memo } = row;
    this.code(row.start, row.stop, { stage, valence, codes, memo }, suggestion);
  }

  /** What became of an op. */
  receipt(entry: Entry, receipt: Receipt): void {
    batch(() => {
      const { session } = this;
      const blind = isTurn(entry) && !entry.effect;
      if (blind) this.#unknown = false;
      session.ledger.confirm(receipt.rows);
      const { effect } = entry;
      if (effect) session.ledger.refresh(effect.feedback, [effect.uid]);
      if (receipt.ok && receipt.codes) {
        if (entry.op.act === "codebook") session.book.keep(entry.op.body as BookBody);
        session.recode(receipt.codes);
      }
      if (receipt.ok) this.#done(receipt, blind);
      else this.#refused(entry, receipt);
      if (session.outbox.pending.value.length === 0) this.history.settle(receipt.top);
      session.hints.learned();
      if (receipt.ok) session.threads.settled(entry);
    });
  }

  #done(receipt: Receipt, blind: boolean): void {
    const { session } = this;
    if (receipt.stale) session.say("stale");
    const first = receipt.rows[0];
    if (blind && first && !receipt.codes && first.feedback !== session.text.value?.sheet.id) {
      void session.go(first.feedback);
    }
    for (const notice of receipt.notices ?? []) this.#notice(notice);
    if (receipt.reopen) void session.open();
    if (receipt.seq > session.seq + 1) void session.look();
    else session.seq = Math.max(session.seq, receipt.seq);
  }

  /** Somebody merged or retired a code meanwhile: the coding is kept, the panel put right. */
  #notice({ what, code, into }: CodeNotice): void {
    const { session } = this;
    const name = (key: string | null) => (key === null ? "" : (session.book.name(key) ?? key));
    session.missed.add(code);
    session.say(`gone.${what}`, { name: name(code), into: name(into) });
    void session.look();
  }

  #refused(entry: Entry, receipt: Receipt): void {
    if (isTurn(entry)) this.history.forget();
    else this.history.drop(entry.op.op);
    this.session.hints.offered(entry.op.op);
    this.session.say(`why.${receipt.why ?? "invalid"}`);
    void this.session.look();
  }
}

function proposedBy(from: Proposed): Proposed {
  const { uid, stage, codes, valence, probability, by, model } = from;
  return { uid, stage, codes, valence, probability, by, model };
}

function isTurn({ op }: Entry): boolean {
  return op.act === "undo" || op.act === "redo";
}

function turned(effect: Effect): Effect {
  return { ...effect, before: effect.after, after: effect.before };
}
