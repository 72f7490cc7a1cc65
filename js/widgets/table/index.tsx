// The list of passages and the grid of texts as an anywidget module.

import "./style.css";
import type { JSX } from "preact";
import { GridSession } from "./grid";
import { moduleOf, type Shown } from "./kit/module";
import { ListSession } from "./list";
import { GridApp } from "./ui/grid";
import { ListApp } from "./ui/list";

type Either = GridSession | ListSession;

function App({ session, language, look }: Shown<Either>): JSX.Element {
  return session instanceof ListSession ? (
    <ListApp session={session} language={language} look={look} />
  ) : (
    <GridApp session={session} language={language} look={look} />
  );
}

export default moduleOf<Either>((model) => {
  const [study, coder] = [String(model.get("study")), String(model.get("coder"))];
  const list = model.get("kind") === "list";
  return list ? new ListSession(model as never, study, coder) : new GridSession(model as never, study, coder);
}, App);
