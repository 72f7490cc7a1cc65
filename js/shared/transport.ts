// Questions and answers over a widget model's custom messages, which arrive in order but may
// be lost with a connection: what is not answered is asked again, after 5, 10 and then 20 s.

import { signal } from "@preact/signals";
import { newId } from "./ids";
import type { Failure, Refusal } from "./wire";

export const PROTOCOL = 1;
const WAITS = [5_000, 10_000, 20_000];
/** After so many questions in vain the kernel counts as gone. */
const VAIN = 3;

/** What this module needs of an anywidget model. */
export interface Channel {
  send(content: unknown): void;
  on(event: string, callback: (...args: never[]) => void): void;
  off(event: string, callback: (...args: never[]) => void): void;
}

/** The kernel's word that it will not do something. */
export class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(failure.say);
  }
}

interface Waiting {
  message: Record<string, unknown>;
  resolve(answer: Record<string, unknown>): void;
  tries: number;
  timer: ReturnType<typeof setTimeout>;
}

export type Link = "open" | "silent" | "closed";

export class Transport {
  readonly session = newId();
  /** `silent`: no answer yet, asking again; `closed`: the kernel is gone. */
  readonly link = signal<Link>("open");
  readonly #waiting = new Map<string, Waiting>();
  readonly #pushed: (push: Record<string, unknown>) => void;
  #count = 0;

  constructor(
    readonly channel: Channel,
    pushed: (push: Record<string, unknown>) => void,
  ) {
    this.#pushed = pushed;
    channel.on("msg:custom", this.#received);
  }

  /** Ask and get the raw answer, be it `ok` or not. */
  ask(what: string, fields: object = {}): Promise<Record<string, unknown>> {
    const id = `${this.session}:${++this.#count}`;
    const message = { v: PROTOCOL, id, session: this.session, do: what, ...fields };
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#again(id), WAITS[0]);
      this.#waiting.set(id, { message, resolve, tries: 0, timer });
      this.#post(message);
    });
  }

  /** Ask for something to read; a refusal is thrown. */
  async read<T>(what: string, field: string, fields: object = {}): Promise<T> {
    const answer = await this.ask(what, fields);
    if (answer["ok"] === true) return answer[field] as T;
    throw new Refused({
      why: (answer["why"] ?? "invalid") as Refusal,
      say: String(answer["say"] ?? ""),
    });
  }

  /** The comm was closed, as far as is known; any answer says that it was not. */
  lost(): void {
    this.link.value = "closed";
  }

  close(): void {
    this.channel.off("msg:custom", this.#received);
    for (const waiting of this.#waiting.values()) clearTimeout(waiting.timer);
    this.#waiting.clear();
  }

  #again(id: string): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    waiting.tries += 1;
    if (waiting.tries >= VAIN) this.link.value = "closed";
    else if (this.link.value === "open") this.link.value = "silent";
    const wait = WAITS[Math.min(waiting.tries, WAITS.length - 1)];
    waiting.timer = setTimeout(() => this.#again(id), wait);
    this.#post(waiting.message);
  }

  #post(message: Record<string, unknown>): void {
    try {
      this.channel.send(message);
    } catch {
      // A model whose comm is closed throws; the question stays and is asked again.
      this.link.value = "closed";
    }
  }

  readonly #received = (content: unknown): void => {
    if (typeof content !== "object" || content === null) return;
    const message = content as Record<string, unknown>;
    if (typeof message["push"] === "string") {
      this.link.value = "open";
      this.#pushed(message);
      return;
    }
    const id = String(message["id"]);
    const waiting = this.#waiting.get(id);
    if (!waiting) return; // another page's question, or an answer that came twice
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    this.link.value = "open";
    waiting.resolve(message);
  };
}
