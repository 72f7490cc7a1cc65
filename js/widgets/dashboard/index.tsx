// The dashboard as an anywidget module: the coding widget and, around it, a map that is patched.

import type { AnyModel, Initialize, Render } from "@anywidget/types";
import { signal } from "@preact/signals";
import { render } from "preact";
import { watchLook } from "../../shared/theme";
import { Session } from "../coder/session";
import "../coder/style.css";
import { View } from "../coder/view";
import { Board } from "./board";
import "./style.css";
import "./coding.css";
import { Dashboard } from "./ui";

interface Traits {
  protocol: number;
  study: string;
  coder: string;
  language: string;
  theme: string;
  selected: string | null;
  estimate: string | null;
}

export default () => {
  let session: Session | null = null;

  const begin = (model: AnyModel<Traits>): Session => {
    session ??= new Session(model as never, model.get("study"), model.get("coder"));
    return session;
  };

  const initialize: Initialize<Traits> = ({ model }) => {
    const open = begin(model);
    const lost = () => open.transport.lost();
    // The event does not say whether the comm went or came: an answer will.
    const live = () => {
      lost();
      void open.look();
    };
    const on = model.on as (event: string, callback: () => void) => void;
    on("comm_live_update", live);
    on("comm:close", lost);
    on("destroy", lost);
    return () => {
      open.close();
      session = null;
    };
  };

  const renderView: Render<Traits> = ({ model, el }) => {
    const open = begin(model);
    const language = signal(model.get("language"));
    const look = watchLook(() => model.get("theme"));
    const view = new View(open, language);
    const board = new Board(open, model as never);
    const changed = () => {
      language.value = model.get("language");
      look.refresh();
    };
    model.on("change:language", changed);
    model.on("change:theme", changed);
    render(<Dashboard view={view} board={board} look={look.look} />, el);
    return () => {
      model.off("change:language", changed);
      model.off("change:theme", changed);
      board.close();
      render(null, el);
      view.close();
      look.stop();
    };
  };

  return { initialize, render: renderView };
};
