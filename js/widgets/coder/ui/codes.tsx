// The tree of codes, by kind; toggled by mouse and by keyboard, searched by "/".

import { Component, type JSX } from "preact";
import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import type { CodeItem } from "../../../shared/wire";
import type { View } from "../view";
import { Icon } from "./icons";
import { fold } from "../../../shared/words";
import { chordsOf, written } from "../keymap";
import { focusDesk, Kbd, roam, Tool } from "./parts";
import { tipped } from "./tip";

/** So many codes can be seen at once: their search shows itself only when called by its key. */
const FEW = 12;

interface Node {
  key: string;
  name: string;
  code: CodeItem | null;
  level: number;
  children: Node[];
}

/** Codes as a tree: kinds first, then codes under codes. */
export function treeOf(codes: readonly CodeItem[], kind: (key: string) => string): Node[] {
  const made = new Map<string, Node>();
  const kinds = new Map<string, Node>();
  for (const code of codes) {
    made.set(code.key, { key: code.key, name: code.name, code, level: 2, children: [] });
  }
  for (const code of codes) {
    const node = made.get(code.key) as Node;
    const parent = code.parent === null ? undefined : made.get(code.parent);
    if (parent && parent !== node) {
      parent.children.push(node);
      continue;
    }
    let top = kinds.get(code.kind);
    if (!top) {
      top = { key: `kind:${code.kind}`, name: kind(code.kind), code: null, level: 1, children: [] };
      kinds.set(code.kind, top);
    }
    top.children.push(node);
  }
  const level = (node: Node, at: number): void => {
    node.level = at;
    if (at < 12) for (const child of node.children) level(child, at + 1);
  };
  // A kind whose codes all stand under one root needs no heading of its own.
  const tops = [...kinds.values()].map((top) => {
    const [root] = top.children;
    return root && top.children.length === 1 && root.children.length > 0 ? root : top;
  });
  for (const top of tops) level(top, 1);
  return tops;
}

export function Codes({ view }: { view: View }): JSX.Element {
  const { session } = view;
  const say = view.say.value;
  const codes = session.book.live.value;
  const [wanted, setWanted] = useState("");
  const [shut, setShut] = useState<ReadonlySet<string>>(new Set());
  const input = useRef<HTMLInputElement>(null);
  const tree = useMemo(() => treeOf(codes, (kind) => say(`kinds.${kind}`)), [codes, say]);
  const chosen = new Set(view.row.value?.codes ?? []);
  const lines = useMemo(() => linesOf(tree, shut, fold(wanted)), [tree, shut, wanted]);
  const hits = lines.filter((line) => line.node.code && line.match);
  // What Enter takes: the first code that fits, or where the arrows have gone from there.
  const [step, setStep] = useState(0);
  const hit = wanted ? hits[Math.min(step, hits.length - 1)]?.node : undefined;
  const many = codes.length > FEW;
  const toggle = useCallback((key: string) => {
    setShut((was) => {
      const next = new Set(was);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  const counts = session.ledger.counts.value.codes;
  return (
    <section class="codes">
      <h4>
        {say("codes")}
        <span>
          {codes.length} <Kbd>{written(chordsOf("codes", session.own.value)[0] ?? "", say)}</Kbd>
          <Tool
            icon="edit"
            label={say("book.open")}
            keys={written(chordsOf("book", session.own.value)[0] ?? "", say)}
            onClick={() => (view.panel.value = "book")}
          />
        </span>
      </h4>
      {codes.length > 0 && (
        <input
          ref={input}
          type="search"
          class={`find ${many ? "" : "shy"}`}
          data-find="codes"
          role="combobox"
          aria-label={say("code_find")}
          aria-expanded={hits.length > 0}
          aria-controls={`${view.id}-codes`}
          aria-activedescendant={hit && `${view.id}-${hit.key}`}
          placeholder={say("code_find")}
          value={wanted}
          onInput={(event) => {
            setWanted(event.currentTarget.value);
            setStep(0);
          }}
          onKeyDown={(event) => {
            const down = event.key === "ArrowDown";
            if (event.key === "Enter" && hit) {
              event.preventDefault();
              view.code(hit.key);
              event.currentTarget.select();
            } else if (hit && (down || event.key === "ArrowUp")) {
              event.preventDefault();
              setStep(Math.min(Math.max(step + (down ? 1 : -1), 0), hits.length - 1));
            } else if (down) {
              event.preventDefault();
              const stop = event.currentTarget.parentElement?.querySelector("[data-stop]");
              if (stop instanceof HTMLElement) stop.focus();
            } else if (event.key === "Escape" && wanted) {
              event.stopPropagation();
              setWanted("");
              focusDesk(input.current);
            }
          }}
        />
      )}
      {many && chosen.size > 0 && (
        <div class="chosen">
          {[...chosen].map((key) => {
            const name = view.codeNames.value.get(key) ?? key;
            return (
              <button
                key={key}
                type="button"
                class="pill"
                aria-label={say("drop_code", { name })}
                onClick={() => view.code(key)}
              >
                <span>{name}</span>
                <Icon name="close" />
              </button>
            );
          })}
        </div>
      )}
      {codes.length === 0 ? (
        <p class="muted">{say("codes_none")}</p>
      ) : lines.length === 0 ? (
        <p class="muted">{say("codes_no_match")}</p>
      ) : (
        <div class="tree" id={`${view.id}-codes`} role="tree" aria-multiselectable="true" aria-label={say("codes")} data-arrows onKeyDown={(event) => keys(event, toggle, shut)}>
          {lines.map(({ node }, at) => (
            <Branch
              key={node.key}
              view={view}
              node={node}
              on={chosen.has(node.key)}
              open={!shut.has(node.key) || wanted !== ""}
              first={at === 0}
              hit={node === hit}
              n={node.code ? (counts[node.key] ?? 0) : node.children.length}
              toggle={toggle}
            />
          ))}
        </div>
      )}
    </section>
  );
}

interface TreeLine {
  node: Node;
  match: boolean;
}

/** The lines to show: all that is open, or what fits the search with what it stands under. */
function linesOf(nodes: readonly Node[], shut: ReadonlySet<string>, wanted: string): TreeLine[] {
  return nodes.flatMap((node) => {
    const below = linesOf(node.children, shut, wanted);
    if (!wanted) return [{ node, match: true }, ...(shut.has(node.key) ? [] : below)];
    const match = node.code !== null && fold(node.name).includes(wanted);
    return match || below.length > 0 ? [{ node, match }, ...below] : [];
  });
}

interface BranchProps {
  view: View;
  node: Node;
  on: boolean;
  open: boolean;
  first: boolean;
  /** Whether Enter in the search takes it. */
  hit: boolean;
  n: number;
  toggle: (key: string) => void;
}

/** A line of the tree; drawn again only when it changed, for codebooks have hundreds. */
class Branch extends Component<BranchProps> {
  override shouldComponentUpdate(next: BranchProps): boolean {
    const now = this.props;
    return (Object.keys(next) as (keyof BranchProps)[]).some((key) => now[key] !== next[key]);
  }

  override render(props: BranchProps): JSX.Element {
    return branch(props);
  }
}

function branch({ view, node, on, open, first, hit, n, toggle }: BranchProps): JSX.Element {
  const { code } = node;
  const parent = node.children.length > 0;
  return (
    <div
      role="treeitem"
      id={`${view.id}-${node.key}`}
      class={`branch ${on ? "on" : ""} ${code ? "" : "kind"} ${hit ? "hit-now" : ""}`}
      data-stop
      data-key={node.key}
      tabIndex={first ? 0 : -1}
      aria-level={node.level}
      aria-expanded={parent ? open : undefined}
      aria-checked={code ? on : undefined}
      aria-description={code?.definition || undefined}
      {...(code?.definition ? tipped(view, code.key) : {})}
      style={{ paddingInlineStart: `${(node.level - 1) * 14}px` }}
      onClick={(event) => {
        const fold = (event.target as Element).closest(".fold");
        if (code && !fold) view.code(code.key);
        else if (parent) toggle(node.key);
      }}
    >
      <span class="fold">{parent && <Icon name={open ? "open" : "shut"} />}</span>
      {code && (
        <span class="box" aria-hidden="true" style={{ "--k": code.colour || "var(--cjm-field)" }}>
          {on && <Icon name="check" />}
        </span>
      )}
      <span class="name">{node.name}</span>
      <em>{(code || !open) && n > 0 ? n : ""}</em>
    </div>
  );
}

function keys(
  event: JSX.TargetedKeyboardEvent<HTMLElement>,
  toggle: (key: string) => void,
  shut: ReadonlySet<string>,
): void {
  const item = (event.target as Element).closest<HTMLElement>("[data-key]");
  const key = item?.dataset["key"];
  if (!item || key === undefined) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    item.click();
  } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    event.preventDefault();
    const right = event.key === "ArrowRight";
    if (item.hasAttribute("aria-expanded") && shut.has(key) === right) toggle(key);
  } else roam(event);
}
