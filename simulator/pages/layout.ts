/** Draws the frame of every page of the simulator. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import { icons } from './icons.ts';

/** The whole document. With `now`, the clock of the simulation, a script keeps the page up to date. */
export const layout = (title: string, navigation: Html | undefined, body: Html, now?: number): string =>
  html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <link rel="icon" href="/mark.svg">
        <link rel="stylesheet" href="/tokens.css">
        <link rel="stylesheet" href="/simulator.css">
        ${now === undefined ? undefined : html`<script type="module" src="/simulator.mjs"></script>`}
      </head>
      <body>
        <header class="top">
          <h1>${icons.mark}Simulator</h1>
          ${navigation}
        </header>
        <main id="content" data-now="${now}">${body}</main>
      </body>
    </html> `.text;
