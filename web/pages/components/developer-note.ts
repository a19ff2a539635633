/** Draws what a development environment adds to a page that a limit made. Other installations pass nothing to draw. */
import type { EndReason } from '../../../src/end-reason.ts';
import { html, type Value } from '../../html.ts';
import type { DeveloperNotes, LimitName } from '../props.ts';

/** The limits that end a challenge, or refuse to send its message. */
const limits: Partial<Readonly<Record<EndReason, LimitName>>> = {
  paused: 'pause',
  attempts: 'attempts',
  disabled: 'disabled',
  'send-limit': 'sends',
  'send-ceiling': 'send-ceilings',
  'push-limit': 'pushes',
  'push-spent': 'pushes',
  'push-unanswered': 'pushes',
};

/** The limit that ended a challenge so; undefined: none did. */
export const limitOf = (reason: EndReason | undefined): LimitName | undefined => reason && limits[reason];

/** The line about a limit, and where to lift it. English, whatever the page is in. */
export const developerNote = (notes: DeveloperNotes | undefined, limit: LimitName | undefined): Value => {
  const note = limit && notes?.limits[limit];
  return (
    note &&
    html`<p class="block note" lang="en" dir="ltr">${note.sentence}${note.link && html` <a class="link" href="${note.link.href}">${note.link.label}</a>`}</p>`
  );
};
