/** Draws items of one line with a dot between them. */
import { html, type Html, type Value } from '../../html.ts';

/** Items that are empty or false are left out. */
export const dotted = (items: readonly Value[]): Html =>
  html`${items.filter(Boolean).map((item, at) => html`${at > 0 && ' · '}${item}`)}`;
