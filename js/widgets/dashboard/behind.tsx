// What is behind a figure: passages with coder, memo, date and source, or a KPI's periods.

import type { JSX } from "preact";
import type { Parts } from "./parts";
import type { Passage } from "./types";

export function BehindPanel({
  board,
  say,
  open,
}: Parts & { open: (passage: Passage) => void }): JSX.Element | null {
  const found = board.behind.value;
  if (!found) return null;
  return (
    <aside
      class="behind"
      aria-label={say("behind")}
      onKeyDown={(event) => event.key === "Escape" && board.let()}
    >
      <div class="head">
        <div role="status">
          <h3>{found.title}</h3>
          <p class="told">{found.told}</p>
        </div>
        <button type="button" class="close" aria-label={say("close")} onClick={() => board.let()}>
          ×
        </button>
      </div>
      <div class="list" tabIndex={0} role="region" aria-label={found.title}>
        {found.history.length > 0 && (
          <table>
            <caption>{say("periods")}</caption>
            <tbody>
              {found.history.map(([period, figure]) => (
                <tr key={period}>
                  <th scope="row">{period}</th>
                  <td>{figure}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <ul>
          {found.rows.map((passage) => (
            <li key={passage.uid}>
              <q dir="auto" lang={passage.lang || undefined}>
                {passage.text}
              </q>
              <p class="source">
                {passage.feeling && <b class={passage.tone}>{passage.feeling}</b>}
                {passage.source.map((part) => (
                  <bdi key={part}>{part}</bdi>
                ))}
              </p>
              {passage.memo && <p class="memo">{passage.memo}</p>}
              {passage.feedback !== null && (
                <button type="button" class="plain" onClick={() => open(passage)}>
                  {say("read")}
                </button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </aside>
  );
}
