/** Keeps the page of phones alive: reads it anew when the world says it changed, and acts without leaving it. */

const seconds = ms => Math.max(0, Math.floor(ms / 1000));
const clocks = {
  since: (now, at) => String(seconds(now - at)),
  until: (now, at) => String(seconds(at - now + 999)),
  lasts: (now, at) => `${Math.floor(seconds(now - at) / 60)}:${String(seconds(now - at) % 60).padStart(2, '0')}`,
};

/** How far the world's clock is ahead of the browser's. */
let ahead = 0;
const setClock = world => {
  ahead = Number(world.dataset.now) - Date.now();
};

/** Writes what the clock says. Gives true where something shown has run out. */
const tick = () => {
  const now = Date.now() + ahead;
  let over = false;
  for (const [name, write] of Object.entries(clocks)) {
    for (const element of document.querySelectorAll(`[data-${name}]`)) {
      const text = write(now, Number(element.dataset[name]));
      if (element.textContent !== text) element.textContent = text;
      over ||= name === 'until' && text === '0';
    }
  }
  return over;
};

/** Makes `old` like `next`, touching only what differs, so that focus and scroll stay where they are. */
const morph = (old, next) => {
  if (old.isEqualNode(next)) return;
  const alike =
    old.nodeType === Node.ELEMENT_NODE &&
    old.nodeName === next.nodeName &&
    old.id === next.id &&
    old.childNodes.length === next.childNodes.length;
  if (!alike) {
    old.replaceWith(document.importNode(next, true));
    return;
  }
  // What a person folded or unfolded stays so.
  const kept = name => name === 'open' && old.nodeName === 'DETAILS';
  for (const name of old.getAttributeNames())
    if (!next.hasAttribute(name) && !kept(name) && name !== 'data-seen') old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const fresh = [...next.childNodes];
  for (const [index, child] of [...old.childNodes].entries()) morph(child, fresh[index]);
};

/** The newest text is at the end of its thread: shown when it comes, and left alone while somebody reads above. */
const toEnds = () => {
  for (const thread of document.querySelectorAll('[data-end]')) {
    const last = thread.lastElementChild?.textContent ?? '';
    if (thread.dataset.seen === last) continue;
    thread.dataset.seen = last;
    thread.scrollTop = thread.scrollHeight;
  }
};

const show = text => {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  const { id } = document.activeElement ?? {};
  for (const part of ['#time', '#world']) {
    const [old, next] = [document.querySelector(part), fresh.querySelector(part)];
    if (old !== null && next !== null) morph(old, next);
  }
  setClock(document.querySelector('#world'));
  if (id) document.querySelector(`#${id}`)?.focus({ preventScroll: true });
  for (const select of document.querySelectorAll('select')) {
    const chosen = select.querySelector('option[selected]');
    if (chosen !== null && document.activeElement !== select) select.value = chosen.value;
  }
  toEnds();
  for (const log of document.querySelectorAll('[role=log]')) {
    const spoken = log.querySelector('mark');
    log.scrollTop = spoken === null ? log.scrollHeight : spoken.offsetTop - log.offsetTop - log.clientHeight / 2;
  }
  tick();
};

let reading = false;
let again = false;
/** One reading at a time; what changes meanwhile is read after it. */
const refresh = async () => {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    const response = await fetch('/');
    if (response.ok) show(await response.text());
  } catch {
    // The simulator is away; the event stream tells when it is back.
  }
  reading = false;
  if (again) {
    again = false;
    await refresh();
  }
};

const send = async (form, submitter) => {
  const body = new URLSearchParams(new FormData(form, submitter));
  await fetch(form.action, { method: 'post', body }).catch(() => undefined);
  await refresh();
};

document.documentElement.classList.add('live');
document.addEventListener('submit', event => {
  // A plain form may be refused, and the page of the refusal is to be read.
  if (event.target.method !== 'post' || 'plain' in event.target.dataset) return;
  event.preventDefault();
  void send(event.target, event.submitter);
});
document.addEventListener('change', event => {
  const form = event.target.closest('form[data-submits]');
  if (form !== null) form.requestSubmit();
});
document.addEventListener('click', event => {
  const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null;
  if (button !== null) void navigator.clipboard.writeText(button.dataset.copy).then(() => button.classList.add('done'));
});
/** On a handset, the keys of the keyboard are the keys of the phone. */
document.addEventListener('keydown', event => {
  const handset = event.target instanceof Element ? event.target.closest('.handset') : null;
  if (handset === null || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!/^[0-9*#]$/.test(event.key)) return;
  handset.querySelector(`button[name=key][value="${event.key}"]`)?.click();
});
new EventSource('/events').addEventListener('message', () => void refresh());
setClock(document.querySelector('#world'));
toEnds();
setInterval(() => {
  if (tick()) void refresh();
}, 500);
