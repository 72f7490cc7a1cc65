// What one view knows of the map: its words, its drawing, what is selected, what is behind it.

import { signal } from "@preact/signals";
import { newId } from "../../shared/ids";
import type { Theme } from "../../shared/theme";
import type { Session } from "../coder/session";
import { library } from "./library";
import { Picture } from "./picture";
import type { Asked, Behind, Channel, Face, Told } from "./types";

export class Board {
  readonly face = signal<Face | null>(null);
  readonly trouble = signal("");
  readonly behind = signal<Behind | null>(null);
  readonly selected = signal<string | null>(null);
  readonly kpi = signal<string | null>(null);
  /** What the curve is to rest on; null for the study's choice. */
  readonly wished = signal<string | null>(null);
  /** When the figures were last brought up to date. */
  readonly fresh = signal<Date | null>(null);
  readonly drawn = signal(false);
  #asked: Asked | null = null;
  #turn = 0;
  #count = -1;
  #picture: Picture | null = null;
  #theme: Theme = "light";
  #work: Promise<void> = Promise.resolve();
  #closed = false;
  /** What this view calls itself: the kernel looks after the figures while any view is open. */
  readonly #view = newId();

  constructor(
    readonly session: Session,
    readonly model: Channel,
  ) {
    this.selected.value = model.get("selected") ?? null;
    model.on("msg:custom", this.#received as never);
    model.on("change:selected", this.#chosen);
    this.#wish();
    model.on("change:estimate", this.#wish);
  }

  /** Draw the map in an element; again after a reconnection. */
  begin(place: HTMLElement): void {
    this.#queue(async () => {
      const [told, bokeh] = await Promise.all([
        this.#ask<Told>({ want: "open", view: this.#view }),
        library(async () => (await this.#ask<{ packed: string }>({ want: "library" })).packed),
      ]);
      if (this.#closed) return;
      this.#picture ??= new Picture(bokeh, place);
      this.#picture.paint(this.#theme);
      await this.#take(told);
      this.#chosen();
    });
  }

  close(): void {
    this.#closed = true;
    void this.#ask({ want: "leave", view: this.#view }).catch(() => undefined);
    this.model.off("msg:custom", this.#received as never);
    this.model.off("change:selected", this.#chosen);
    this.model.off("change:estimate", this.#wish);
    this.#picture?.clear();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    this.#picture?.paint(theme);
  }

  // -- selecting -------------------------------------------------------------------------

  /** Select a stage, for Python too, and list what is behind it; the same again lets go. */
  choose(stage: string, number: number | null = null): void {
    const again = this.selected.value === stage && number === null && !this.#asked?.ref;
    if (again && !this.kpi.value) return this.let();
    this.kpi.value = null;
    this.#tell(stage);
    void this.#show({ stage, ...(number === null ? {} : { number }) });
  }

  /** Show the periods of a KPI; one of a stage selects it. */
  figure(kpi: string): void {
    if (this.kpi.value === kpi) return this.let();
    const stage = kpi.slice(kpi.lastIndexOf("|") + 1);
    this.kpi.value = kpi;
    this.#tell(stage || null);
    void this.#show({ stage, kpi });
  }

  let(): void {
    this.kpi.value = null;
    this.#tell(null);
    this.#hide();
  }

  #tell(stage: string | null): void {
    this.selected.value = stage;
    this.#mark();
    if ((this.model.get("selected") ?? null) === stage) return;
    this.model.set("selected", stage);
    this.model.save_changes();
  }

  /** Python, or another view, selected. */
  readonly #chosen = (): void => {
    const stage = this.model.get("selected") ?? null;
    const new_ = stage !== this.selected.value || (stage !== null && this.#asked === null);
    this.selected.value = stage;
    this.#mark();
    if (!new_) return;
    this.kpi.value = null;
    if (stage === null) this.#hide();
    else if (this.face.value) void this.#show({ stage });
  };

  #mark(): void {
    const stages = this.face.value?.stages ?? [];
    const place = stages.findIndex(({ key }) => key === this.selected.value);
    this.#picture?.select(place < 0 ? null : place);
  }

  async #show(asked: Asked): Promise<void> {
    const turn = ++this.#turn;
    this.#asked = asked;
    try {
      const found = await this.#ask<Behind>({ want: "behind", ...asked });
      if (turn !== this.#turn) return;
      // What a number means may change with the next patch; its name stays.
      this.#asked = { stage: asked.stage, ref: found.ref, ...(asked.kpi ? { kpi: asked.kpi } : {}) };
      this.behind.value = found;
    } catch {
      if (turn === this.#turn) this.#hide();
    }
  }

  #hide(): void {
    this.#turn += 1;
    this.#asked = null;
    this.behind.value = null;
  }

  /** What the curve rests on; Python sees the choice too. */
  estimate(key: string): void {
    this.model.set("estimate", key);
    this.model.save_changes();
    this.#wish();
  }

  readonly #wish = (): void => {
    this.wished.value = this.model.get("estimate") ?? null;
  };

  // -- lanes -----------------------------------------------------------------------------

  lane(lane: string, change: { title?: string; before?: string; hidden?: boolean }): void {
    void this.#ask({ want: "lane", lane, ...change }).catch(() => undefined);
  }

  // -- what the kernel sends -------------------------------------------------------------

  async #ask<T>(fields: object): Promise<T> {
    return await this.session.transport.read<T>("board", "board", fields);
  }

  /** One after the other: a patch that comes while the drawing is made waits for it. */
  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.trouble.value = error instanceof Error ? error.message : String(error);
    });
  }

  readonly #received = (content: { board?: unknown; id?: unknown }): void => {
    if (typeof content !== "object" || content === null || "id" in content) return;
    const told = content.board as Told | undefined;
    if (!told || this.#count < 0) return;
    this.#queue(() => this.#take(told));
  };

  async #take(told: Told): Promise<void> {
    if (this.#closed || told.n <= this.#count) return;
    const whole = "item" in told;
    if (!whole && told.n !== this.#count + 1) {
      // A message was lost: the whole is asked for.
      return this.#take(await this.#ask<Told>({ want: "open", view: this.#view }));
    }
    this.#count = told.n;
    this.trouble.value = told.trouble;
    if (told.face) this.face.value = told.face;
    if (whole && told.item) {
      await this.#picture?.draw(told.item);
      this.drawn.value = true;
    } else if (told.patch) this.#picture?.patch(told.patch);
    if (!told.trouble) this.fresh.value = new Date();
    this.#mark();
    if (this.#asked) void this.#show(this.#asked);
  }
}
