// The menu of lanes: each change is one action of the study, so that undo takes it back.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Parts } from "./parts";
import type { Lane } from "./types";

export function LaneMenu({ board, say }: Parts): JSX.Element {
  const menu = useRef<HTMLDetailsElement>(null);
  const lanes = board.face.value?.lanes ?? [];
  const before = (lane: Lane, other: Lane | undefined) =>
    other && board.lane(lane.key, { before: other.key });
  return (
    <details
      ref={menu}
      class="lanes"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !menu.current?.open) return;
        menu.current.open = false;
        menu.current.querySelector("summary")?.focus();
      }}
    >
      <summary>{say("lanes")}</summary>
      <div class="box">
        <p>{say("lanes_hint")}</p>
        <ol>
          {lanes.map((lane, at) => (
            <li key={lane.key}>
              <input
                type="checkbox"
                checked={!lane.hidden}
                aria-label={say("lane_show", { lane: lane.title })}
                onChange={(event) =>
                  board.lane(lane.key, { hidden: !event.currentTarget.checked })
                }
              />
              <input
                type="text"
                maxLength={60}
                value={lane.title}
                aria-label={say("lane_rename", { lane: lane.title })}
                onChange={(event) =>
                  board.lane(lane.key, { title: event.currentTarget.value.trim() })
                }
              />
              <button
                type="button"
                aria-label={say("lane_up", { lane: lane.title })}
                aria-disabled={at === 0 ? true : undefined}
                onClick={() => before(lane, lanes[at - 1])}
              >
                ↑
              </button>
              <button
                type="button"
                aria-label={say("lane_down", { lane: lane.title })}
                aria-disabled={at === lanes.length - 1 ? true : undefined}
                onClick={() => lanes[at + 1] && before(lanes[at + 1] as Lane, lane)}
              >
                ↓
              </button>
            </li>
          ))}
        </ol>
      </div>
    </details>
  );
}
