// How a view beside the coder opens a study: what waits goes first, then the study is asked for.

import { batch, type Signal } from "@preact/signals";
import type { Outbox } from "../../../shared/outbox";
import { Refused, type Transport } from "../../../shared/transport";
import type { Opening, Refusal, Top } from "../../../shared/wire";

export interface Opens {
  readonly opening: Signal<Opening | null>;
  readonly failure: Signal<Refusal | null>;
  readonly top: Signal<Top>;
  readonly transport: Transport;
  readonly outbox: Outbox;
}

/** Open a study; false, with the reason in `failure`, where that cannot be. */
export async function opened(session: Opens): Promise<boolean> {
  session.outbox.flush();
  try {
    const opening = await session.transport.read<Opening>("open", "opening");
    batch(() => {
      session.failure.value = null;
      session.opening.value = opening;
      session.top.value = opening.top;
    });
    return true;
  } catch (error) {
    session.failure.value = error instanceof Refused ? error.failure.why : "invalid";
    return false;
  }
}
