// What all parts of one view share: its words, and stages and codes by their names.

import type { CodeItem } from "../../../shared/wire";
import { speakerOf, type Say, type Texts } from "../../../shared/words";
import { coder as enCoder, history as enHistory, review as en } from "../../../../src/cjm_widgets/words/en.json";
import { coder as frCoder, history as frHistory, review as fr } from "../../../../src/cjm_widgets/words/fr.json";
import type { StageLook } from "../../coder/view";
import { stageLooks } from "../../table/kit/looks";
import type { ReviewSession } from "../session";

const TEXTS: Record<string, Texts> = {
  en: { ...en, valences: enCoder.valences, labels: enHistory.labels, bare: enCoder.attribute },
  fr: { ...fr, valences: frCoder.valences, labels: frHistory.labels, bare: frCoder.attribute },
};

export interface ReviewView {
  session: ReviewSession;
  language: string;
  say: Say;
  stages: readonly StageLook[];
  stageOf: ReadonlyMap<string, StageLook>;
  codes: readonly CodeItem[];
  codeName: (key: string) => string;
}

export function viewOf(session: ReviewSession, language: string): ReviewView {
  const opening = session.opening.value;
  const stages = stageLooks(opening, language);
  const codes = opening?.codes ?? [];
  const names = new Map(codes.map((code) => [code.key, code.name]));
  return {
    session,
    language,
    say: (key, values) => speakerOf(TEXTS, language)(key, values),
    stages,
    stageOf: new Map(stages.map((stage) => [stage.key, stage])),
    codes,
    codeName: (key) => names.get(key) ?? key,
  };
}
