// The coding widget as an anywidget module: a session for each model, an app for each view.

import type { AnyModel, Initialize, Render } from "@anywidget/types";
import { signal } from "@preact/signals";
import { render } from "preact";
import { watchLook } from "../../shared/theme";
import { Session } from "./session";
import "./style.css";
import { App } from "./ui/app";
import { View } from "./view";

interface Traits {
  protocol: number;
  study: string;
  coder: string;
  language: string;
  theme: string;
  /** Whether somebody learns here, on a gold sample. */
  training?: boolean;
}

export default () => {
  let session: Session | null = null;

  const begin = (model: AnyModel<Traits>): Session => {
    session ??= new Session(model as never, model.get("study"), model.get("coder"));
    session.training = model.get("training") === true;
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
    const changed = () => {
      language.value = model.get("language");
      look.refresh();
    };
    model.on("change:language", changed);
    model.on("change:theme", changed);
    render(<App view={view} look={look.look} />, el);
    return () => {
      model.off("change:language", changed);
      model.off("change:theme", changed);
      render(null, el);
      view.close();
      look.stop();
    };
  };

  return { initialize, render: renderView };
};
