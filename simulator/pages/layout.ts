import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import { icons } from './icons.ts';

/** The frame of each page of the simulator. `script`: whether it lives on its own. */
export const layout = (title: string, places: Html | undefined, body: Html, script: boolean): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <link rel="icon" href="/mark.svg">
        <link rel="stylesheet" href="/tokens.css">
        <link rel="stylesheet" href="/simulator.css">
        ${script ? html`<script type="module" src="/simulator.mjs"></script>` : undefined}
      </head>
      <body>
        <header class="top">
          <h1>${icons.mark}Simulator</h1>
          ${places}
        </header>
        <main id="world">${body}</main>
      </body>
    </html> `.text;
