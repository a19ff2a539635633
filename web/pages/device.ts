/** Draws the pages where a person connects a device: code form, confirmation and end (RFC 8628 §3.3). */
import { time } from '../../src/locales/phrase.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { hiddenFields, submitButton } from './components/actions.ts';
import { icons } from './components/icons.ts';
import { layout } from './components/layout.ts';
import { phraseHtml } from './components/phrase.ts';
import { refusal, refusalId } from './components/refusal.ts';
import { deviceConfirmPath, devicePath, fields } from './links.ts';
import type { DeviceCodePage, DeviceConfirmPage, DeviceEndPage } from './props.ts';

/** The code form. A link may prefill it, but only its button submits it. */
export const deviceCodePage = ({ typed, state, now, reference }: DeviceCodePage, words: Words): Html => {
  const text = words.device.code;
  const mustWait = state?.kind === 'wait';
  const isWrong = state?.kind === 'malformed' || state?.kind === 'wrong';
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading,
      lead: text.sentence,
      reference,
      isError: state !== undefined,
      returnTo: devicePath,
      scripts: mustWait ? ['wait.js'] : [],
      body: html`<form method="post" action="${devicePath}">
<div class="field"><div class="label"><label for="code">${text.label}</label></div>
${state && refusal(state, now, text[state.kind], words)}
<input class="code" id="code" type="text" name="${fields.userCode}" value="${typed}" autocomplete="off" autocapitalize="characters" spellcheck="false" dir="ltr" maxlength="64" required autofocus aria-invalid="${isWrong && 'true'}" aria-describedby="${refusalId(state)}"></div>
<div class="actions">${submitButton(text.submit, mustWait ? 'later' : 'primary')}</div>
</form>`,
    },
    words,
  );
};

/** The confirmation. It names the client and the device's address, and warns of codes from others (RFC 8628 §5.4). */
export const deviceConfirmPage = (props: DeviceConfirmPage, words: Words): Html => {
  const { client, userCode, ticket, askedAt, address, isNear, program, reference } = props;
  const text = words.device.question;
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading(client.name),
      lead: text.sentence,
      client,
      showsClient: false,
      reference,
      focusesHeading: true,
      returnTo: devicePath,
      body: html`<div class="panel"><span class="mono">${userCode}</span></div>
<p class="alert stop">${icons.alert}<span>${text.warning}</span></p>
<dl class="facts">
<dt>${text.askedAt}</dt><dd>${phraseHtml([time(askedAt)], words)}</dd>
<dt>${text.address}</dt><dd><bdi dir="ltr">${address}</bdi> <span>${isNear ? text.near : text.far}</span></dd>
${program !== undefined && html`<dt>${text.program}</dt><dd><code>${program}</code></dd>`}
</dl>
<form class="actions" method="post" action="${deviceConfirmPath}">${hiddenFields({ [fields.ticket]: ticket })}
<button class="button primary" type="submit" name="${fields.consent}" value="allow">${text.allow}</button>
<button class="button" type="submit" name="${fields.consent}" value="deny">${text.deny}</button>
</form>`,
    },
    words,
  );
};

/** The end. After a failure it links to the code form. */
export const deviceEndPage = ({ end, client, reference }: DeviceEndPage, words: Words): Html => {
  const text = words.device[end];
  const isOver = end === 'expired' || end === 'used';
  return layout(
    {
      stage: end === 'connected' ? 'signed-in' : 'signed-out',
      heading: text.heading,
      lead: text.sentence,
      ...(client !== undefined && { client }),
      ...(reference !== undefined && { reference }),
      isError: isOver,
      returnTo: devicePath,
      body:
        isOver &&
        html`<div class="actions"><a class="button primary" href="${devicePath}">${words.device.again}</a></div>`,
    },
    words,
  );
};
