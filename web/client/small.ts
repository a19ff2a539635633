/** Small comforts: Show in the password field, Copy beside the reference, a reload that asks nothing twice, times in the reader's own clock. */
const show = document.querySelector<HTMLButtonElement>('button[data-show]');
const password = document.querySelector<HTMLInputElement>('input[type=password]');
if (show && password) {
  show.hidden = false;
  show.addEventListener('click', () => {
    const shown = password.type === 'text';
    password.type = shown ? 'password' : 'text';
    show.textContent = (shown ? show.dataset['show'] : show.dataset['hide']) ?? '';
    show.setAttribute('aria-pressed', String(!shown));
  });
  // Password managers save what was sent as a password.
  password.form?.addEventListener('submit', () => {
    password.type = 'password';
  });
}

document.querySelectorAll<HTMLButtonElement>('button[data-copy]').forEach(button => {
  button.hidden = false;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(button.dataset['copy'] ?? '');
    button.textContent = button.dataset['copied'] ?? '';
  };
  button.addEventListener('click', () => void copy());
});

// A button that would be refused before its time looks it. When the time has come it is like any other.
document.querySelectorAll<HTMLButtonElement>('button[data-ripe]').forEach(button => {
  const ripen = (): void => {
    button.classList.replace('later', 'primary');
    document.getElementById(button.getAttribute('aria-describedby') ?? '')?.replaceChildren();
  };
  setTimeout(ripen, Number(button.dataset['ripe']));
});

// A page that answers a form would send it again when it is reloaded or come back to: a guess more, or a browser's error page.
// Its sign-in has one address, which tells how things stand.
const answered = /^(?<here>\/interaction\/[^/]+)\/(?:password|factor|resend)$/u.exec(location.pathname);
if (answered?.groups?.['here']) history.replaceState(undefined, '', answered.groups['here']);

const { lang } = document.documentElement;
// The reader's own region where it speaks the page's language: 14:32 or 2:32 PM.
const regions = [...navigator.languages.filter(each => each.startsWith(lang)), lang];
const today = new Date().toDateString();
document.querySelectorAll<HTMLTimeElement>('time[data-local]').forEach(time => {
  const at = new Date(time.dateTime);
  const day = at.toDateString() === today ? {} : ({ weekday: 'long' } as const);
  const format = new Intl.DateTimeFormat(regions, { ...day, hour: 'numeric', minute: '2-digit' });
  time.textContent = format.format(at);
});
