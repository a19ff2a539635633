/** Keeps the page of phones or mails up to date: requests it again after each change, and submits forms without leaving it. */
import { morph } from './morph.mjs';
import { hearPage } from './sound.mjs';

const seconds = ms => Math.max(0, Math.floor(ms / 1000));
/** Texts of elements with `data-since`, `data-until` or `data-duration`. */
const timeTexts = {
  since: (now, at) => String(seconds(now - at)),
  until: (now, at) => String(seconds(at - now + 999)),
  duration: (now, at) => `${Math.floor(seconds(now - at) / 60)}:${String(seconds(now - at) % 60).padStart(2, '0')}`,
};

/** Milliseconds by which the clock of the simulation is ahead of the browser's. */
let ahead = 0;
const setClock = content => {
  ahead = Number(content.dataset.now) - Date.now();
};

/** Updates all times. Returns true if a countdown has reached zero. */
const tick = () => {
  const now = Date.now() + ahead;
  let isOver = false;
  for (const [name, textAt] of Object.entries(timeTexts)) {
    for (const element of document.querySelectorAll(`[data-${name}]`)) {
      const text = textAt(now, Number(element.dataset[name]));
      if (element.textContent !== text) element.textContent = text;
      isOver ||= name === 'until' && text === '0';
    }
  }
  return isOver;
};

/** Scrolls each thread to its end once for each new text, so that a person can read older texts. */
const scrollToNewest = () => {
  for (const thread of document.querySelectorAll('[data-end]')) {
    const last = thread.lastElementChild?.textContent ?? '';
    if (thread.dataset.seen === last) continue;
    thread.dataset.seen = last;
    thread.scrollTop = thread.scrollHeight;
  }
};

const isCalm = matchMedia('(prefers-reduced-motion: reduce)');
let ringingBefore = new Set();
/** Brings a phone into view when it begins to ring. */
const scrollToRinging = () => {
  const ringing = [...document.querySelectorAll('.person:has(.handset[data-state=ringing])')];
  const fresh = ringing.find(({ id }) => !ringingBefore.has(id));
  ringingBefore = new Set(ringing.map(({ id }) => id));
  fresh?.scrollIntoView({ block: 'nearest', behavior: isCalm.matches ? 'auto' : 'smooth' });
};

/** The id of the element that takes the focus once it is on the page. */
let focusNext;
const moveFocus = () => {
  const next = focusNext === undefined ? null : document.querySelector(`#${focusNext}`);
  if (next === null) return;
  focusNext = undefined;
  next.focus({ preventScroll: true });
};

const show = text => {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  const { id } = document.activeElement ?? {};
  for (const part of ['#time', '#content']) {
    const [old, next] = [document.querySelector(part), fresh.querySelector(part)];
    if (old !== null && next !== null) morph(old, next);
  }
  setClock(document.querySelector('#content'));
  if (id) document.querySelector(`#${id}`)?.focus({ preventScroll: true });
  moveFocus();
  for (const select of document.querySelectorAll('select')) {
    const chosen = select.querySelector('option[selected]');
    if (chosen !== null && document.activeElement !== select) select.value = chosen.value;
  }
  scrollToNewest();
  scrollToRinging();
  hearPage();
  for (const log of document.querySelectorAll('[role=log]')) {
    const spoken = log.querySelector('mark');
    log.scrollTop = spoken === null ? log.scrollHeight : spoken.offsetTop - log.offsetTop - log.clientHeight / 2;
  }
  tick();
};

let isRequesting = false;
let isStale = false;
/** Requests the page once at a time. A change during a request causes one more request. */
const refresh = async () => {
  if (isRequesting) {
    isStale = true;
    return;
  }
  isRequesting = true;
  try {
    const response = await fetch(location.pathname);
    if (response.ok) show(await response.text());
  } catch {
    // The simulator is not running. The event stream reconnects when it is back.
  }
  isRequesting = false;
  if (isStale) {
    isStale = false;
    await refresh();
  }
};

const submit = async (form, submitter) => {
  const body = new URLSearchParams(new FormData(form, submitter));
  // The button that answers will be gone: the keypad takes its focus.
  focusNext = form.dataset.keypad;
  await fetch(form.action, { method: 'post', body }).catch(() => undefined);
  await refresh();
};

document.documentElement.classList.add('live');
document.addEventListener('submit', event => {
  // A plain form leaves the page, so that the person can read an error.
  if (event.target.method !== 'post' || 'plain' in event.target.dataset) return;
  event.preventDefault();
  void submit(event.target, event.submitter);
});
document.addEventListener('change', event => {
  const form = event.target.closest('form[data-submits]');
  if (form !== null) form.requestSubmit();
});
document.addEventListener('click', event => {
  const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null;
  if (button !== null) void navigator.clipboard.writeText(button.dataset.copy).then(() => button.classList.add('done'));
});
const keypads = '.keypad';
/** The keypad that keys of the keyboard go to: the one of the phone with the focus, or the only one there is. */
const keypadFor = target => {
  const handset = target.closest('.handset');
  if (handset !== null) return handset.querySelector(keypads);
  const all = document.querySelectorAll(keypads);
  return all.length === 1 && target.closest('input, select, textarea') === null ? all[0] : null;
};
document.addEventListener('keydown', event => {
  if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!/^[0-9*#]$/.test(event.key)) return;
  keypadFor(event.target)?.querySelector(`button[value="${event.key}"]`)?.click();
});
new EventSource('/events').addEventListener('message', () => void refresh());
setClock(document.querySelector('#content'));
scrollToNewest();
scrollToRinging();
hearPage();
setInterval(() => {
  if (tick()) void refresh();
}, 500);
