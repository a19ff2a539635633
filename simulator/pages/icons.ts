/** Draws the icons of the pages. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';

const icon = (path: Html): Html => html`<svg viewBox="0 0 24 24" aria-hidden="true">${path}</svg>`;

/** Icons in a 24 px box, with a 1.6 px stroke, round ends and no fill. Always beside text, so hidden from screen readers. */
export const icons = {
  phone: icon(
    html`<path d="M6.5 3.5h2.2c.5 0 .9.3 1 .8l.8 3c.1.4 0 .8-.3 1.1L8.6 9.9a13 13 0 0 0 5.5 5.5l1.5-1.6c.3-.3.7-.4 1.1-.3l3 .8c.5.1.8.5.8 1v2.2c0 1.7-1.4 3-3.1 2.9C10.2 19.9 4.1 13.8 3.6 6.6 3.5 4.9 4.8 3.5 6.5 3.5z" />`,
  ),
  down: icon(
    html`<path d="M3.2 14.2v-1.4c0-.7.3-1.3.8-1.7 4.7-3.5 11.3-3.5 16 0 .5.4.8 1 .8 1.7v1.4c0 .7-.6 1.2-1.3 1l-2.6-.5c-.5-.1-.9-.6-.9-1.1v-1.5a12 12 0 0 0-8 0v1.5c0 .5-.4 1-.9 1.1l-2.6.5c-.7.2-1.3-.3-1.3-1z" />`,
  ),
  missed: icon(
    html`<path d="M6.5 5.5h2.2c.5 0 .9.3 1 .8l.8 2.6-1.9 1.9a12 12 0 0 0 5.5 5.5l1.9-1.9 2.6.8c.5.1.8.5.8 1v2.2c0 1.5-1.3 2.6-2.8 2.4C9.9 20.1 4.3 14.5 3.7 8.2 3.6 6.7 5 5.5 6.5 5.5zM15 4l5 5M20 4l-5 5" />`,
  ),
  in: icon(html`<path d="M17 7 7 17M7 9.5V17h7.5" />`),
  out: icon(html`<path d="M7 17 17 7M17 14.5V7H9.5" />`),
  again: icon(html`<path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4v5h-5" />`),
  plus: icon(html`<path d="M12 5v14M5 12h14" />`),
  chevron: icon(html`<path d="m7 10 5 5 5-5" />`),
  copy: icon(html`<path d="M9 9.5h9v10H9zM6 15.5V5.5h9" />`),
  clock: icon(html`<path d="M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM12 8v4.5l3 1.8" />`),
  sound: icon(html`<path d="M4.5 9.5h3l4-3.5v12l-4-3.5h-3zM15 9.5a3.5 3.5 0 0 1 0 5M17.5 7a7 7 0 0 1 0 10" />`),
  mark: html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <path d="M4 28.5V15a12 12 0 0 1 24 0v13.5" />
    <path class="lit" d="M10.5 28.5V16.5a5.5 5.5 0 0 1 11 0v12z" />
  </svg>`,
} as const;
