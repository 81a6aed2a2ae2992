// What is typed into the forms of cases: kept by this tab for one person, so that a reload, a lapsed session or a look at another case loses nothing.

import { Kept } from "./kept.mjs";

const LEFT = "left open";
const nameOf = ({ id, action }) => `${id} ${action}`;

/** Drafts by form; a form is one action of one case: {id, action}. */
export class ActionDrafts {
  constructor({ who, storage = window.sessionStorage }) {
    this.kept = new Kept(`onenet.actions.${who}`, storage);
  }

  /** The values by field name; null where nothing was typed. */
  of(form) {
    return this.kept.get(nameOf(form)) ?? null;
  }

  keep(form, values) {
    this.kept.set(nameOf(form), values);
  }

  drop(form) {
    this.kept.set(nameOf(form), undefined);
  }

  /** The page goes: note which form stands open with something typed in it; null for none. */
  leave(form) {
    this.kept.set(LEFT, form && this.of(form) ? form : undefined);
  }

  /** The form that stood open when the page went, once; null where none did. */
  takeLeft() {
    const form = this.kept.get(LEFT) ?? null;
    this.kept.set(LEFT, undefined);
    return form;
  }
}
