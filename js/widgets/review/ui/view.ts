// What all parts of one view share: its words, and stages and codes by their names.

import type { Texts } from "../../../shared/words";
import { coder as enCoder, history as enHistory, review as en } from "../../../../src/cjm_widgets/words/en.json";
import { coder as frCoder, history as frHistory, review as fr } from "../../../../src/cjm_widgets/words/fr.json";
import { namesIn, type Names } from "../../table/kit/looks";
import type { ReviewSession } from "../session";

const TEXTS: Record<string, Texts> = {
  en: { ...en, valences: enCoder.valences, labels: enHistory.labels, bare: enCoder.attribute },
  fr: { ...fr, valences: frCoder.valences, labels: frHistory.labels, bare: frCoder.attribute },
};

export interface ReviewView extends Names {
  session: ReviewSession;
}

export function viewOf(session: ReviewSession, language: string): ReviewView {
  return { session, ...namesIn(session.opening.value, language, TEXTS) };
}
